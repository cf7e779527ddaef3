"""Trains the clothing classifier from scratch on a CPU, for a fixed wall-clock time.

    python training/train.py --data DATASET --out run --minutes 100

The schedule follows the clock, not the epoch count, so that a busy machine yields a finished
(if shorter) run: cosine learning rate, and views that grow from 96 to 150 pixels. The exponential
moving average of the weights is what is kept. The test split is not read here.
"""

import argparse
import copy
import json
import math
import threading
import queue
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from data import load_split, random_colour, random_view, serving_view
from network import ClothingNet

BATCH = 64
PEAK_LR = 2.5e-3
WEIGHT_DECAY = 0.05
EMA_DECAY = 0.998
LABEL_SMOOTHING = 0.05
SIZES = ((0.0, 96), (0.3, 112), (0.6, 128), (0.82, 150))


def view_size(progress: float) -> int:
    return next(size for start, size in reversed(SIZES) if progress >= start)


def learning_rate(progress: float) -> float:
    warmup = min(1.0, progress / 0.03)
    return PEAK_LR * warmup * (0.5 + 0.5 * math.cos(math.pi * progress)) + 1e-6


def to_tensor(batch: np.ndarray) -> torch.Tensor:
    """[N, S, S, 3] in 0…255 → channels-last [N, 3, S, S] in [-1, 1]."""
    scaled = batch / np.float32(127.5) - np.float32(1)
    return torch.from_numpy(scaled).permute(0, 3, 1, 2)


def sampler(labels: np.ndarray, rng: np.random.Generator):
    """Endless indices; rare classes are drawn more often (weight 1/√count)."""
    counts = np.bincount(labels)
    weights = 1 / np.sqrt(counts[labels])
    weights *= len(labels) / weights.sum()
    while True:
        # Each epoch takes every image floor(w) times and once more by chance.
        times = (weights + rng.random(len(labels))).astype(int)
        yield rng.permutation(np.repeat(np.arange(len(labels)), times))


def batches(images, labels, progress, seed: int):
    """Batches of random views, made one ahead in a thread while the network trains."""
    ready: queue.Queue = queue.Queue(maxsize=3)

    def produce() -> None:
        rng = np.random.default_rng(seed)
        rest = np.array([], dtype=int)
        epochs = sampler(labels, rng)
        while True:
            while len(rest) < BATCH:
                rest = np.concatenate([rest, next(epochs)])
            chosen, rest = rest[:BATCH], rest[BATCH:]
            size = view_size(progress())
            views = np.stack([random_view(images[i], size, rng) for i in chosen])
            ready.put((to_tensor(random_colour(views, rng)), torch.from_numpy(labels[chosen])))

    threading.Thread(target=produce, daemon=True).start()
    while True:
        yield ready.get()


def mix(x: torch.Tensor, target: torch.Tensor, rng: np.random.Generator):
    """Mixup (arXiv:1710.09412) or CutMix (arXiv:1905.04899) or neither."""
    choice = rng.random()
    order = torch.from_numpy(rng.permutation(len(x)))
    if choice < 0.4:
        share = float(rng.beta(0.3, 0.3))
        return share * x + (1 - share) * x[order], share * target + (1 - share) * target[order]
    if choice < 0.75:
        size = x.shape[2]
        side = int(size * math.sqrt(1 - rng.beta(1, 1)))
        top, left = rng.integers(0, size - side + 1, 2)
        x = x.clone(memory_format=torch.channels_last)
        x[:, :, top : top + side, left : left + side] = x[
            order, :, top : top + side, left : left + side
        ]
        share = 1 - side * side / (size * size)
        return x, share * target + (1 - share) * target[order]
    return x, target


@torch.no_grad()
def logits_of(net: torch.nn.Module, images: list[np.ndarray]) -> torch.Tensor:
    """Mean logits of each image and its mirror image, seen as the service sees them."""
    net.eval()
    rows = []
    for start in range(0, len(images), 64):
        batch = np.stack([serving_view(i) for i in images[start : start + 64]])
        x = to_tensor(batch.astype(np.float32))
        x = F.avg_pool2d(x, 2, ceil_mode=True, count_include_pad=False)
        x = x.contiguous(memory_format=torch.channels_last)
        rows.append((net(x) + net(x.flip(3))) / 2)
    return torch.cat(rows)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=95)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed + 1)

    images, labels, _ = load_split(args.data / "train")
    val_images, val_labels, _ = load_split(args.data / "validation")
    val_target = torch.from_numpy(val_labels)

    net = ClothingNet().to(memory_format=torch.channels_last)
    ema = copy.deepcopy(net).eval()
    decayed = [p for p in net.parameters() if p.ndim > 1]
    plain = [p for p in net.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": WEIGHT_DECAY}, {"params": plain, "weight_decay": 0.0}],
        lr=PEAK_LR,
    )
    started = time.monotonic()

    def progress() -> float:
        return min(1.0, (time.monotonic() - started) / (args.minutes * 60))

    history = []
    step, last_report, running = 0, time.monotonic(), []
    for x, y in batches(images, labels, progress, args.seed):
        now = progress()
        if now >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(now)
        target = F.one_hot(y, 10).float() * (1 - LABEL_SMOOTHING) + LABEL_SMOOTHING / 10
        x, target = mix(x, target, rng)
        net.train()
        with torch.autocast("cpu", torch.bfloat16):
            logits = net(x.contiguous(memory_format=torch.channels_last))
        loss = F.cross_entropy(logits.float(), target)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimizer.step()
        step += 1
        running.append(loss.item())
        decay = min(EMA_DECAY, (step + 1) / (step + 10))
        with torch.no_grad():
            for average, current in zip(ema.state_dict().values(), net.state_dict().values()):
                if average.dtype.is_floating_point:
                    average.lerp_(current, 1 - decay)
                else:
                    average.copy_(current)
        if time.monotonic() - last_report > 240:
            report(ema, val_images, val_target, args.out, history, step, now, running, len(images))
            last_report, running = time.monotonic(), []
    report(ema, val_images, val_target, args.out, history, step, 1.0, running, len(images))


def report(
    ema,
    images,
    target,
    out: Path,
    history: list,
    step: int,
    progress: float,
    losses: list[float],
    train_images: int,
) -> None:
    logits = logits_of(ema, images)
    history.append(
        {
            "progress": round(progress, 3),
            "epochs": round(step * BATCH / train_images, 1),
            "size": view_size(progress),
            "train_loss": round(float(np.mean(losses)), 4) if losses else None,
            "validation_accuracy": round((logits.argmax(1) == target).float().mean().item(), 4),
            "validation_loss": round(F.cross_entropy(logits, target).item(), 4),
        }
    )
    print(json.dumps(history[-1]), flush=True)
    torch.save(ema.state_dict(), out / "weights.pt")
    (out / "history.json").write_text(json.dumps(history, indent=1))


if __name__ == "__main__":
    main()
