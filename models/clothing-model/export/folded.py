"""The trained network without its batch normalizations, in a form both exporters read.

A convolution followed by BatchNorm at inference is one convolution: w' = w·γ/√(σ²+ε),
b' = β − μ·γ/√(σ²+ε) (Jacob et al. 2017, arXiv:1712.05877, §3.2). Computed in float64.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from training.network import ClothingNet, ResidualBlock


@dataclass(frozen=True)
class Conv:
    """weight: float32 [outputs, inputs, k, k]; bias: float32 [outputs]; padding k // 2."""

    weight: np.ndarray
    bias: np.ndarray
    stride: int


@dataclass(frozen=True)
class Block:
    """A residual block with squeeze-and-excitation; `project` is the shortcut's 1×1, if any."""

    conv1: Conv
    conv2: Conv
    squeeze: Conv
    excite: Conv
    project: Conv | None


@dataclass(frozen=True)
class FoldedNet:
    """head_weight: float32 [classes, features], already divided by the temperature; so is the bias."""

    stem: list[Conv]
    blocks: list[Block]
    head_weight: np.ndarray
    head_bias: np.ndarray


def load_network(weights: Path) -> ClothingNet:
    """The trained network in evaluation mode. `weights`: what training/train.py writes."""
    net = ClothingNet()
    net.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    return net.eval()


def _array(tensor: torch.Tensor | None) -> np.ndarray:
    assert tensor is not None
    return tensor.detach().numpy().astype(np.float64)


def _merged(conv: nn.Conv2d, norm: nn.BatchNorm2d) -> Conv:
    gain = _array(norm.weight) / np.sqrt(_array(norm.running_var) + norm.eps)
    weight = _array(conv.weight) * gain[:, None, None, None]
    bias = _array(norm.bias) - _array(norm.running_mean) * gain
    return Conv(weight.astype(np.float32), bias.astype(np.float32), conv.stride[0])


def _plain(conv: nn.Conv2d) -> Conv:
    weight, bias = _array(conv.weight), _array(conv.bias)
    return Conv(weight.astype(np.float32), bias.astype(np.float32), conv.stride[0])


def _block(block: ResidualBlock) -> Block:
    project = block.project
    return Block(
        conv1=_merged(block.conv1, block.norm1),
        conv2=_merged(block.conv2, block.norm2),
        squeeze=_plain(block.attention.squeeze),
        excite=_plain(block.attention.excite),
        project=None if project is None else _merged(project[0], project[1]),
    )


def fold(net: ClothingNet, temperature: float) -> FoldedNet:
    """`net` for inference, its logits divided by `temperature` (Guo et al. 2017, arXiv:1706.04599)."""
    return FoldedNet(
        stem=[_merged(net.stem[0], net.stem[1]), _merged(net.stem[3], net.stem[4])],
        blocks=[_block(block) for block in net.blocks],
        head_weight=(_array(net.head.weight) / temperature).astype(np.float32),
        head_bias=(_array(net.head.bias) / temperature).astype(np.float32),
    )
