"""The classifier: a small residual network with squeeze-and-excitation.

Residual blocks: He et al. 2015 (arXiv:1512.03385), with the average-pooled shortcut of
He et al. 2018 (arXiv:1812.01187). Channel attention: Hu et al. 2017 (arXiv:1709.01507).
Sized so that its float32 weights stay below 10 MB.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

STEM_CHANNELS = 24
WIDTHS = (40, 80, 128, 208)
BLOCKS_PER_STAGE = 2
REDUCTION = 8


class SqueezeExcite(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(channels, channels // REDUCTION, 1)
        self.excite = nn.Conv2d(channels // REDUCTION, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        scale = self.excite(F.relu(self.squeeze(x.mean((2, 3), keepdim=True))))
        return x * torch.sigmoid(scale)


class ResidualBlock(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.attention = SqueezeExcite(outputs)
        self.project: nn.Module | None = None
        self.stride = stride
        if stride != 1 or inputs != outputs:
            self.project = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs)
            )
        # A block starts as the identity: deeper nets then train as easily as shallow ones.
        nn.init.zeros_(self.norm2.weight)

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.norm1(self.conv1(x)))
        y = self.attention(self.norm2(self.conv2(y)))
        if self.project is not None:
            if self.stride != 1:
                # Equal to Keras's AveragePooling2D(padding="same"): the padding is not counted.
                x = F.avg_pool2d(x, self.stride, ceil_mode=True, count_include_pad=False)
            x = self.project(x)
        return F.relu(x + y)


class ClothingNet(nn.Module):
    """float32 [N, 3, S, S] in [-1, 1] → logits [N, classes]; any S ≥ 32."""

    def __init__(self, classes: int = 10, dropout: float = 0.1) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, STEM_CHANNELS, 3, 2, 1, bias=False),
            nn.BatchNorm2d(STEM_CHANNELS),
            nn.ReLU(),
            nn.Conv2d(STEM_CHANNELS, WIDTHS[0], 3, 2, 1, bias=False),
            nn.BatchNorm2d(WIDTHS[0]),
            nn.ReLU(),
        )
        blocks = []
        inputs = WIDTHS[0]
        for stage, width in enumerate(WIDTHS):
            for index in range(BLOCKS_PER_STAGE):
                blocks.append(ResidualBlock(inputs, width, 2 if stage > 0 and index == 0 else 1))
                inputs = width
        self.blocks = nn.Sequential(*blocks)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(inputs, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.blocks(self.stem(x)).mean((2, 3))
        return self.head(self.dropout(x))
