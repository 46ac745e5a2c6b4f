"""The same network in eager PyTorch: gradients, and Adam over all weights.

`torch.ts` runs it and asks for work on standard input, one JSON object a line; answers go to standard output the same way:

    (start)     -> {"version": ...}
    rate        -> {"rate": multiply-accumulates a second}
    build       takes the network, its weights and a batch
    step        takes one training step
    done        -> {"firstLoss": ...} when all steps asked for are done
    dispose     forgets the network

Where something fails, the process ends and the last line of standard error says why.
"""

from __future__ import annotations

import json
import math
import sys
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypedDict

import torch
from torch import Tensor
from torch.nn import functional as F


class Matrix(TypedDict):
    shape: list[int]
    values: list[float]


class Size(TypedDict):
    grid: list[int]
    resampled: list[bool]
    kernel: list[int]
    inner: int
    outer: int


class Cuts(TypedDict):
    kernel: list[int]
    resolution: list[int]
    inner: int
    outer: int


# "from" is a word of Python's, so that it cannot name a field of a class.
Block = TypedDict(
    "Block",
    {
        "size": Size,
        "from": list[int],
        "width": int,
        "points": Matrix,
        "gain": float,
        "halfWidths": list[float],
        "cuts": Cuts,
    },
)


class Config(TypedDict):
    batch: int
    grid: list[int]
    channels: int
    outputs: int
    blocks: int
    inner: int
    outer: int


class Sizes(TypedDict):
    kept: int


class Constants(TypedDict):
    temperature: float
    depthTemperature: float
    thresholdLogit: float
    thresholdSigmas: float
    hidden: int
    filters: int
    learningRate: float


class Twin(TypedDict):
    config: Config
    sizes: Sizes
    blocks: list[Block]
    cuts: list[float]
    depth: int
    weights: dict[str, Matrix]


class Job(TypedDict):
    twin: Twin
    constants: Constants
    learned: bool
    inputs: list[float]
    targets: list[float]


@dataclass
class BlockMasks:
    windows: Tensor
    """Over the kernel's taps, [taps, 1]."""
    resolution: dict[int, Tensor]
    """Over the spectrum of each axis that is resampled, [kept]."""
    branch: Tensor
    """Over the rows of the second mixing matrix, [inner, 1]; the block's gate included."""
    outer: Tensor
    """Over the stream after the block, [outer]."""


@dataclass
class Masks:
    first: Tensor
    """Over the stream before the first block, [width]."""
    blocks: list[BlockMasks]


@lru_cache(maxsize=None)
def bases(entries: int, to: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """To the first coefficients of a DCT-II, [entries, kept], and back on the new grid, [kept, to]."""
    k = torch.arange(min(entries, to), dtype=torch.float64)
    j = torch.arange(entries, dtype=torch.float64).unsqueeze(1)
    i = torch.arange(to, dtype=torch.float64)
    analysis = (2 - (k == 0).double()) / entries * torch.cos(math.pi * (j + 0.5) * k / entries)
    synthesis = torch.cos(math.pi * (i + 0.5) * k.unsqueeze(1) / to)
    return analysis.float().to(device), synthesis.float().to(device)


@lru_cache(maxsize=None)
def positions(total: int, kept: int, device: torch.device) -> Tensor:
    """Of the first `kept` of `total` entries, between 0 and 1; [kept]."""
    return (torch.arange(kept, device=device) + 0.5) / total


def normalise(x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """Over all points of the batch, [points, channels]."""
    return F.batch_norm(x, None, None, scale, shift, training=True, eps=1e-5)


def gelu(x: Tensor) -> Tensor:
    return x * torch.sigmoid(1.702 * x)


GENERATOR = ["steepness", "centre", "frequency", "phase", "mixing", "mixingBias", "output", "outputBias"]
"""Weights of the kernel network."""


class Network:
    def __init__(self, job: Job, device: torch.device) -> None:
        self.twin = job["twin"]
        self.constants = job["constants"]
        self.device = device
        config = self.twin["config"]

        def tensor(values: list[float], shape: list[int]) -> Tensor:
            return torch.tensor(values, dtype=torch.float32, device=device).reshape(shape)

        self.weights = {
            name: tensor(matrix["values"], matrix["shape"]).requires_grad_()
            for name, matrix in self.twin["weights"].items()
        }
        self.cuts = tensor(self.twin["cuts"], [-1]).requires_grad_(job["learned"])
        self.input = tensor(job["inputs"], [-1, config["channels"]])
        self.target = tensor(job["targets"], [config["batch"], config["outputs"]])
        self.points = [tensor(block["points"]["values"], block["points"]["shape"]) for block in self.twin["blocks"]]
        self.taps = [self.taps_of(block) for block in self.twin["blocks"]]
        self.fixed_masks = None if job["learned"] else self.masks()
        trained = [*self.weights.values(), *([self.cuts] if job["learned"] else [])]
        rate = self.constants["learningRate"]
        self.optimizer = torch.optim.Adam(trained, lr=rate, betas=(0.9, 0.99), eps=1e-8)
        self.first_loss: Tensor | None = None

    def taps_of(self, block: Block) -> list[Tensor]:
        """Of each axis, the taps' distances in standard deviations of the Gaussian mask of extent 1, [taps]."""
        sigmas = self.constants["thresholdSigmas"]
        return [
            (torch.arange(taps, device=self.device) - (taps - 1) / 2) * (sigmas / half_width)
            for taps, half_width in zip(block["size"]["kernel"], block["halfWidths"])
        ]

    def sigmoid_mask(self, cut: Tensor, temperature: float, total: int, kept: int) -> Tensor:
        """Over the first `kept` of `total` entries, [kept]."""
        x = positions(total, kept, self.device)
        return torch.sigmoid((cut - x) * temperature - self.constants["thresholdLogit"])

    def masks(self) -> Masks:
        config = self.twin["config"]
        temperature = self.constants["temperature"]
        cuts = self.cuts.unbind()
        depth = config["blocks"]
        gates = self.sigmoid_mask(
            cuts[self.twin["depth"]], self.constants["depthTemperature"] * depth, depth, self.twin["sizes"]["kept"]
        )
        blocks = []
        for block, taps, gate in zip(self.twin["blocks"], self.taps, gates.unbind()):
            size, at = block["size"], block["cuts"]
            window = torch.ones([], device=self.device)
            for distance, index in zip(taps, at["kernel"]):
                window = window.unsqueeze(-1) * torch.exp(-0.5 * (distance / cuts[index]).square())
            resolution = {
                axis: self.sigmoid_mask(cuts[at["resolution"][axis]], temperature, entries, min(entries, to))
                for axis, (entries, to) in enumerate(zip(block["from"], size["grid"]))
                if size["resampled"][axis]
            }
            inner = self.sigmoid_mask(cuts[at["inner"]], temperature, config["inner"], size["inner"])
            outer = self.sigmoid_mask(cuts[at["outer"]], temperature, config["outer"], size["outer"])
            blocks.append(BlockMasks(window.reshape(-1, 1), resolution, (inner * gate).unsqueeze(1), outer))
        cut, width = cuts[self.twin["blocks"][0]["cuts"]["outer"]], self.twin["blocks"][0]["width"]
        return Masks(self.sigmoid_mask(cut, temperature, config["outer"], width), blocks)

    def generate(self, index: int) -> Tensor:
        """The kernel network: a product of Gabor filters, mixed in between; [taps, width]."""
        w = {name: self.weights[f"{index}.{name}"] for name in GENERATOR}
        points = self.points[index]
        distances = points.unsqueeze(2) * w["steepness"] - w["centre"]
        envelope = torch.exp(-0.5 * distances.square().sum(1))
        gabor = envelope * torch.sin(torch.addmm(w["phase"], points, w["frequency"]))
        filters = gabor.split(self.constants["hidden"], dim=1)
        mixing = w["mixing"].split(self.constants["hidden"])
        h = filters[0]
        for following, matrix, bias in zip(filters[1:], mixing, w["mixingBias"]):
            h = following * torch.addmm(bias, h, matrix)
        return torch.addmm(w["outputBias"], h, w["output"])

    def resample(self, x: Tensor, block: Block, masks: dict[int, Tensor]) -> Tensor:
        """To the spectrum, masked, and back on the new grid, axis by axis; [points, channels] both ways."""
        channels = x.shape[1]
        y = x.reshape(self.twin["config"]["batch"], *block["from"], channels)
        for axis, mask in masks.items():
            analysis, synthesis = bases(block["from"][axis], block["size"]["grid"][axis], self.device)
            spectrum = (y.movedim(axis + 1, -1) @ analysis) * mask
            y = (spectrum @ synthesis).movedim(-1, axis + 1)
        return y.reshape(-1, channels)

    def convolve(self, x: Tensor, kernel: Tensor, size: Size) -> Tensor:
        """Each channel by its own kernel, [taps, width]; [points, width] both ways."""
        width = x.shape[1]
        # Channels last, and sequences as images of one row: PyTorch is quickest with these.
        rows, columns = [1, *size["grid"]][-2:]
        height, taps = [1, *size["kernel"]][-2:]
        image = x.reshape(-1, rows, columns, width).permute(0, 3, 1, 2)
        filters = kernel.t().reshape(width, 1, height, taps)
        return F.conv2d(image, filters, padding="same", groups=width).permute(0, 2, 3, 1).reshape(-1, width)

    def logits(self, masks: Masks) -> Tensor:
        """[batch, outputs]"""
        w = self.weights
        batch = self.twin["config"]["batch"]
        x = self.input @ w["lift"]
        mask = masks.first
        for index, (block, own) in enumerate(zip(self.twin["blocks"], masks.blocks)):
            size = block["size"]
            x = self.resample(x, block, own.resolution)
            kernel = self.generate(index) * (own.windows * block["gain"])
            # Masks are taken into the weights, which is the same and less work.
            lines = normalise(x, w[f"{index}.scale"] * mask, w[f"{index}.shift"] * mask)
            convolved = self.convolve(lines, kernel, size)
            hidden = gelu(torch.addmm(w[f"{index}.bias1"], convolved, w[f"{index}.mix1"]))
            # Pads, or crops where it is negative.
            stream = F.pad(x, [0, size["outer"] - x.shape[1]])
            x = torch.addmm(stream, hidden, w[f"{index}.mix2"] * own.branch)
            mask = own.outer
        normed = normalise(x, w["scale"] * mask, w["shift"] * mask)
        pooled = normed.reshape(batch, -1, normed.shape[1]).mean(1)
        return torch.addmm(w["headBias"], pooled, w["head"])

    def step(self) -> None:
        masks = self.masks() if self.fixed_masks is None else self.fixed_masks
        loss = -(F.log_softmax(self.logits(masks), 1) * self.target).sum()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        if self.first_loss is None:
            self.first_loss = loss.detach()

    def done(self) -> float:
        """The loss of the first step, when all steps are done: the optimiser's last write is read back."""
        self.weights["headBias"][0].item()
        return math.nan if self.first_loss is None else self.first_loss.item()


def rate(device: torch.device, size: int = 1024) -> float:
    """Multiply-accumulates a second of a product of square matrices: the best of five, after one that warms."""
    a = torch.ones(size, size, device=device)
    times = []
    for _ in range(6):
        start = time.perf_counter()
        (a @ a)[0, 0].item()
        times.append(time.perf_counter() - start)
    return size**3 / min(times[1:])


def device_of(name: str) -> torch.device:
    if name == "cpu":
        # As many as WebAssembly has.
        torch.set_num_threads(1)
        return torch.device("cpu")
    # Single precision, as the others have it.
    torch.backends.cudnn.allow_tf32 = False
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    raise SystemExit("PyTorch finds neither CUDA nor MPS")


def answer(**values: Any) -> None:
    print(json.dumps(values), flush=True)


def main() -> None:
    device = device_of(sys.argv[1])
    answer(version=torch.__version__)
    network: Network | None = None
    for line in sys.stdin:
        request = json.loads(line)
        ask = request["ask"]
        if ask == "rate":
            answer(rate=rate(device))
        elif ask == "build":
            network = Network(request, device)
        elif ask == "dispose":
            network = None
        elif network is None:
            raise SystemExit(f"{ask}: there is no network")
        elif ask == "step":
            network.step()
        elif ask == "done":
            answer(firstLoss=network.done())


if __name__ == "__main__":
    main()
