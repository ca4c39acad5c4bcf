"""What the models of pytorch_models.py share: the embedding, what stands between it and the logits, and Mamba blocks."""

import math

import torch
from torch import nn
from torch.nn import functional as F


class PxByEmbed(nn.Module):
    """Patches [batch, length, 3, 3] to vectors [batch, length, dim]."""

    def __init__(self, vocabulary, dim, convolves):
        super().__init__()
        size = max(9, dim // 9)
        self.alpha = nn.Parameter(torch.rand(1, 1, 3, 3))
        self.linear_embedding = nn.Embedding(vocabulary, size)
        self.patch_embedding = nn.Conv2d(size, size, 3, padding=1) if convolves else None
        self.projection = nn.Linear(9 * size, dim)
        self.norm = nn.LayerNorm(dim)

    def forward(self, ids):
        x = self.linear_embedding(ids.flatten(0, 1)).permute(0, 3, 1, 2)
        share = torch.sigmoid(self.alpha)
        mixed = share * x
        if self.patch_embedding is not None:
            mixed = mixed + (1 - share) * self.patch_embedding(x)
        return self.norm(self.projection(mixed.flatten(1))).unflatten(0, ids.shape[:2])


class SequenceModel(nn.Module):
    """An embedding, a body between vectors, which a subclass gives, and the logits of the next token."""

    def __init__(self, config, dim=None):
        super().__init__()
        self.config = config
        self.dim, self.depth = dim or config["dim"], config.get("depth", 2)
        self.vocabulary = config.get("vocab_size", 113)
        self.patches = config.get("pxby_embed", True)
        self.embedding = (
            PxByEmbed(self.vocabulary, self.dim, config.get("pembed", True))
            if self.patches
            else nn.Embedding(self.vocabulary, self.dim)
        )

    def forward(self, ids, every=False):
        """Logits [batch, vocabulary] after the last position, or [batch, length, vocabulary] after every one."""
        x = self.body(self.embedding(ids if self.patches else ids[:, :, 1, 1]))
        return self.logits(x if every else x[:, -1])


class Mamba(nn.Module):
    """A selective state space block (Gu and Dao 2023); with `forgets` the Mamba+ of Liang et al. 2024.

    The scan is unrolled over time, which is the fastest of the plain forms.
    """

    def __init__(self, dim, state, taps, expand, forgets=False):
        super().__init__()
        inner, self.rank, self.state, self.forgets = expand * dim, math.ceil(dim / 16), state, forgets
        self.in_proj = nn.Linear(dim, 2 * inner, bias=False)
        self.conv1d = nn.Conv1d(inner, inner, taps, groups=inner, padding=taps - 1)
        self.x_proj = nn.Linear(inner, self.rank + 2 * state, bias=False)
        self.dt_proj = nn.Linear(self.rank, inner)
        self.A_log = nn.Parameter(torch.log(torch.arange(1, state + 1.0)).repeat(inner, 1))
        self.D = nn.Parameter(torch.ones(inner))
        self.out_proj = nn.Linear(inner, dim, bias=False)
        with torch.no_grad():
            step = torch.exp(torch.rand(inner) * math.log(100) + math.log(0.001))
            self.dt_proj.bias.copy_(step + torch.log(-torch.expm1(-step)))

    def forward(self, x):
        length = x.shape[1]
        x, z = self.in_proj(x).chunk(2, -1)
        x = F.silu(self.conv1d(x.transpose(1, 2))[..., :length]).transpose(1, 2)
        step, b, c = self.x_proj(x).split([self.rank, self.state, self.state], -1)
        step = F.softplus(self.dt_proj(step))
        a = -torch.exp(self.A_log)
        h = x.new_zeros(x.shape[0], x.shape[2], self.state)
        y = []
        for step_t, input_t, b_t, c_t in zip(step.unbind(1), (step * x).unbind(1), b.unbind(1), c.unbind(1)):
            h = torch.exp(step_t[..., None] * a) * h + input_t[..., None] * b_t[:, None]
            y.append((h @ c_t[..., None])[..., 0])
        y = torch.stack(y, 1)
        if self.forgets:
            return self.out_proj(y * F.silu(z) + self.D * x * (1 - torch.sigmoid(z)))
        return self.out_proj((y + self.D * x) * F.silu(z))


class ResidualMamba(nn.Module):
    def __init__(self, dim, sizes):
        super().__init__()
        self.norm, self.mixer = nn.RMSNorm(dim, eps=1e-5), Mamba(dim, *sizes)

    def forward(self, x):
        return x + self.mixer(self.norm(x))
