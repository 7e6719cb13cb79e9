"""PyTorch's side of the step benchmark: the same models written the straightforward way, one training step a request.

Reads one JSON object a line, answers with one. The first line it writes says which torch this is. A request names everything:
  {"objective": "mae" | "classification", "device": "cpu" | "cuda", "precision": "Float32" | "BFloat16", "compile": false,
   "batch": 2, "frames": 16, "size": 224, "patch": [2, 16, 16], "dim": 768, "depth": 12, "heads": 12,
   "decoderDim": 384, "decoderDepth": 4, "decoderHeads": 16, "classes": 150, "dropPath": 0.1}
Models and optimisers are kept while objective, shapes, device and compile stay the same.
"""

import argparse
import contextlib
import json
import resource
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

CHANNELS = 3


def fused_attention(q, k, v):
    return F.scaled_dot_product_attention(q, k, v)


def plain_attention(q, k, v):
    return torch.matmul((torch.matmul(q * q.shape[-1] ** -0.5, k.transpose(-2, -1))).softmax(-1), v)


# PyTorch has the fused kernels since 2.0.
attention = fused_attention if hasattr(F, "scaled_dot_product_attention") else plain_attention


class LayerNorm(nn.LayerNorm):
    """In float32, as autocast has it on a GPU; before 2.0 it did not do so on a CPU."""

    def __init__(self, dim):
        super().__init__(dim, eps=1e-6)

    def forward(self, x):
        return super().forward(x.float())


class Block(nn.Module):
    def __init__(self, dim, heads, drop_path=0.0):
        super().__init__()
        self.heads, self.drop_path = heads, drop_path
        self.norm1, self.norm2 = LayerNorm(dim), LayerNorm(dim)
        self.qkv, self.proj = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)
        self.fc1, self.fc2 = nn.Linear(dim, 4 * dim), nn.Linear(4 * dim, dim)

    def attend(self, x):
        batch, tokens, dim = x.shape
        q, k, v = self.qkv(x).view(batch, tokens, 3, self.heads, dim // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        return self.proj(attention(q, k, v).transpose(1, 2).reshape(batch, tokens, dim))

    def drop(self, branch):
        if self.drop_path == 0:
            return branch
        keep = 1 - self.drop_path
        return branch * branch.new_full((branch.shape[0], 1, 1), keep).bernoulli().div_(keep)

    def forward(self, x):
        x = x + self.drop(self.attend(self.norm1(x)))
        return x + self.drop(self.fc2(F.gelu(self.fc1(self.norm2(x)))))


class Trunk(nn.Module):
    def __init__(self, shape):
        super().__init__()
        dim, depth = shape["dim"], shape["depth"]
        self.embed = nn.Linear(patch_values(shape), dim)
        rates = [shape["dropPath"] * i / max(depth - 1, 1) for i in range(depth)]
        self.blocks = nn.ModuleList(Block(dim, shape["heads"], rate) for rate in rates)
        self.norm = LayerNorm(dim)
        # A benchmark's table: its values do not matter, its size does.
        self.register_buffer("positions", torch.randn(1, token_count(shape), dim) * 0.02)


class Classifier(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape, self.trunk = shape, Trunk(shape)
        self.head = nn.Linear(shape["dim"], shape["classes"])

    def forward(self, video, targets):
        tokens = self.trunk.embed(patches(video, self.shape, channels_last=False)) + self.trunk.positions
        for block in self.trunk.blocks:
            tokens = block(tokens)
        logits = self.head(self.trunk.norm(tokens.mean(1)))
        return -(targets * F.log_softmax(logits.float(), 1)).sum(1).mean()


class MaskedAutoencoder(nn.Module):
    def __init__(self, shape):
        super().__init__()
        dim, width = shape["dim"], shape["decoderDim"]
        self.shape, self.trunk = shape, Trunk(shape)
        self.mask_token = nn.Parameter(torch.zeros(1, dim))
        self.embed = nn.Linear(dim, width)
        self.blocks = nn.ModuleList(Block(width, shape["decoderHeads"]) for _ in range(shape["decoderDepth"]))
        self.norm = LayerNorm(width)
        self.head = nn.Linear(width, patch_values(shape))

    def forward(self, video, visible, masked):
        positions = self.trunk.positions
        seen = pick(patches(video, self.shape, channels_last=False), visible)
        tokens = self.trunk.embed(seen) + pick(positions.expand(len(video), -1, -1), visible)
        for block in self.trunk.blocks:
            tokens = block(tokens)
        encoded = self.trunk.norm(tokens)
        absent = self.mask_token.to(encoded.dtype).expand(len(video), positions.shape[1], -1)
        places = visible.unsqueeze(-1).expand(-1, -1, encoded.shape[-1])
        tokens = self.embed(absent.scatter(1, places, encoded) + positions)
        for block in self.blocks:
            tokens = block(tokens)
        predicted = self.head(self.norm(pick(tokens, masked)))
        with torch.no_grad():
            pixels = pick(patches(video, self.shape, channels_last=True), masked).unflatten(2, (-1, CHANNELS))
            variance, mean = torch.var_mean(pixels, dim=2, unbiased=True, keepdim=True)
            targets = ((pixels - mean) * (variance + 1e-6).rsqrt()).flatten(2)
        return F.mse_loss(predicted.float(), targets)


def patch_values(shape):
    frames, height, width = shape["patch"]
    return frames * height * width * CHANNELS


def token_count(shape):
    frames, height, width = shape["patch"]
    return (shape["frames"] // frames) * (shape["size"] // height) * (shape["size"] // width)


def patches(video, shape, channels_last):
    t, h, w = shape["patch"]
    grid = (shape["frames"] // t, shape["size"] // h, shape["size"] // w)
    split = video.view(len(video), CHANNELS, grid[0], t, grid[1], h, grid[2], w)
    order = (0, 2, 4, 6, 3, 5, 7, 1) if channels_last else (0, 2, 4, 6, 1, 3, 5, 7)
    return split.permute(order).reshape(len(video), token_count(shape), patch_values(shape))


def pick(tokens, places):
    return tokens.gather(1, places.unsqueeze(-1).expand(-1, -1, tokens.shape[-1]))


def adamw(model):
    decayed = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() <= 1]
    groups = [{"params": decayed, "weight_decay": 0.05}, {"params": others, "weight_decay": 0.0}]
    try:
        return torch.optim.AdamW(groups, lr=1e-4, betas=(0.9, 0.95), fused=True)
    except (TypeError, RuntimeError):  # before 2.0, or before 2.4 on a CPU
        return torch.optim.AdamW(groups, lr=1e-4, betas=(0.9, 0.95))


class Steps:
    """A model, its optimiser and one synthetic batch."""

    def __init__(self, request, clock):
        self.clock, self.device = clock, torch.device(request["device"])
        torch.manual_seed(0)
        mae = request["objective"] == "mae"
        model = (MaskedAutoencoder if mae else Classifier)(request).to(self.device)
        self.optimizer = adamw(model)
        self.model = torch.compile(model) if request["compile"] else model
        batch, tokens = request["batch"], token_count(request)
        video = torch.randn(batch, CHANNELS, request["frames"], request["size"], request["size"], device=self.device)
        if mae:
            flags = torch.arange(tokens, device=self.device) % 10 != 0
            every = torch.arange(tokens, device=self.device)
            self.inputs = (video, every[~flags].expand(batch, -1), every[flags].expand(batch, -1))
        else:
            self.inputs = (video, torch.full((batch, request["classes"]), 1 / request["classes"], device=self.device))

    def now(self):
        if self.device.type == "cuda":
            torch.cuda.synchronize()
        return self.clock()

    def step(self, precision):
        half = precision == "BFloat16"
        start = self.now()
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast(self.device.type, torch.bfloat16) if half else contextlib.nullcontext():
            loss = self.model(*self.inputs)
        forward = self.now()
        loss.backward()
        backward = self.now()
        self.optimizer.step()
        return {"forward": forward - start, "backward": backward - forward, "update": self.now() - backward}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--processor-time", action="store_true", help="count user time of this process, not wall time")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    clock = (lambda: resource.getrusage(resource.RUSAGE_SELF).ru_utime) if arguments.processor_time else time.perf_counter
    about = {"torch": torch.__version__, "attention": attention.__name__.replace("_", " "), "compiles": hasattr(torch, "compile")}
    print(json.dumps(about), flush=True)
    steps, kept = None, None
    for line in sys.stdin:
        request = json.loads(line)
        key = {name: value for name, value in request.items() if name != "precision"}
        if key != kept:
            steps = None  # frees the one before first
            steps, kept = Steps(request, clock), key
        print(json.dumps(steps.step(request["precision"])), flush=True)


main()
