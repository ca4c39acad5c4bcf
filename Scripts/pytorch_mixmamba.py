"""MixMamba in PyTorch, read token by token as it is defined."""

import math

import torch
from torch import nn

from pytorch_layers import ResidualMamba, SequenceModel


class SequenceCounts:
    """What a sequence has said so far about its next token: the tokens around it, and what followed the same contexts."""

    CONTEXTS = 12

    def __init__(self):
        self.tokens, self.followers, self.keys = [], {}, []
        self.hits = [0.0] * self.CONTEXTS
        self.row = self.above = self.higher = None
        self.place = 0, 0

    def before(self, distance):
        return self.tokens[-1 - distance] if distance < len(self.tokens) else 0

    def cell(self, start, end, column):
        inside = start is not None and end is not None and column >= 0 and start + column < end
        return self.tokens[start + column] if inside else 0

    def take(self, token):
        for context, key in enumerate(self.keys):
            followers = self.followers.setdefault(key, [])
            if followers:
                self.hits[context] += (0.1 if followers[-1] == token else 0.0) - 0.1 * self.hits[context]
            followers.append(token)
        self.tokens.append(token)
        if token == 1:
            self.higher, self.above, self.row = self.above, self.row, len(self.tokens)
            self.place = self.place[0] + 1, 0
        elif token == 2:
            self.higher, self.above, self.row = None, None, len(self.tokens)
            self.place = 0, 0
        else:
            self.place = self.place[0], self.place[1] + 1
        def last(kind, count):
            return (kind, *(self.before(k) for k in range(count)))

        w, ww, www = self.before(0), self.before(1), self.before(2)
        if self.above is None:
            self.neighbors = [self.before(k) for k in range(2, 6)]
            self.keys = [last(k, k) for k in range(7)] + [(7, ww, www), (8, w, www), (9, ww, self.before(3))]
            self.keys += [last(10, 8), last(11, 12)]
            return
        column = len(self.tokens) - self.row
        nw, n, ne, nee = (self.cell(self.above, self.row, column + k) for k in (-1, 0, 1, 2))
        nn = self.cell(self.higher, self.above, column)
        self.neighbors = [ne, nee, nn, www]
        self.keys = [(0,), (1, w), (12, n), (13, w, n), (14, w, n, ne), (15, w, nw, n, ne), (16, w, ww, nw, n, ne, nn)]
        self.keys += [(17, column), (18, n, ne), (2, w, ww), (19, n, nn), (20, w, ww, www, nw, n, ne, nee, nn)]

    def waves(self):
        """Sine and cosine of the row and of the column of the next token [24]."""
        angles = [2 * math.pi * number / 2**k for number in self.place for k in range(2, 8)]
        return torch.tensor([wave(angle) for angle in angles for wave in (math.sin, math.cos)], dtype=torch.float64)

    def notes(self, vocabulary):
        """Numbers of each context [36], and of each token for each gate [36, vocabulary]."""
        measures, features = [], torch.zeros(3 * self.CONTEXTS, vocabulary, dtype=torch.float64)
        for context, key in enumerate(self.keys):
            followers = self.followers.get(key, [])
            measures += [math.log(1 + len(followers)), math.log(1 + len(set(followers))), self.hits[context]]
            for token in set(followers):
                features[3 * context, token] = math.log(1 + followers.count(token))
                features[3 * context + 1, token] = 1
            if followers:
                features[3 * context + 2, followers[-1]] = 1
        return torch.tensor(measures, dtype=torch.float64), features


class MixMamba(SequenceModel):
    """Residual Mamba blocks that read more neighbors, their logits mixed with counts of the sequence so far (PAQ, Mahoney 2005).

    With `attention` heads there are layers of causal attention (Vaswani et al. 2017) behind some blocks.
    """

    def __init__(self, config):
        super().__init__(config)
        sizes = config.get("d_state", 16), config.get("d_conv", 4), config.get("expand", 2)
        self.layers = nn.ModuleList(ResidualMamba(self.dim, sizes) for _ in range(self.depth))
        self.norm = nn.RMSNorm(self.dim, eps=1e-5)
        self.lm_head = nn.Linear(self.dim, self.vocabulary, bias=False)
        self.attended = []
        if config.get("attention", 0):
            count = config.get("attention_layers", 1)
            self.attended = [self.depth * k // min(count + 1, self.depth) - 1 for k in range(1, count + 1)]
        for number, _ in enumerate(self.attended, 1):
            attention = nn.Module()
            attention.norm = nn.RMSNorm(self.dim, eps=1e-5)
            attention.self_attn = nn.MultiheadAttention(self.dim, config["attention"], batch_first=True)
            setattr(self, "attention" if number == 1 else f"attention{number}", attention)
        self.fills, self.counts = config.get("neighbors", True), config.get("counts", True)
        self.places = config.get("places", False)
        numbers = (3 * SequenceCounts.CONTEXTS if self.counts else 0) + (24 if self.places else 0)
        if numbers:
            self.mixing = nn.Module()
            self.mixing.measures = nn.Linear(numbers, self.dim, bias=False)
        if self.counts:
            self.mixing.gates = nn.Linear(self.dim, 3 * SequenceCounts.CONTEXTS)

    def forward(self, ids, every=False):
        ids, kind = ids.clone(), self.lm_head.weight.dtype
        measures, features = [], []
        for sequence in ids:
            counts = SequenceCounts()
            for patch in sequence:
                counts.take(int(patch[1, 1]))
                if self.fills:
                    patch.view(-1)[5:] = torch.tensor(counts.neighbors)
                known, found = counts.notes(self.vocabulary)
                parts = [known] * self.counts + [counts.waves()] * self.places
                measures.append(torch.cat([torch.zeros(0), *parts]).to(kind))
                features.append(found.to(kind))
        shape = ids.shape[:2]
        measures, features = torch.stack(measures).unflatten(0, shape), torch.stack(features).unflatten(0, shape)
        x = self.embedding(ids if self.patches else ids[:, :, 1, 1])
        x = x + self.mixing.measures(measures) if self.counts or self.places else x
        for number, layer in enumerate(self.layers):
            x = layer(x)
            if number in self.attended:
                place = self.attended.index(number)
                attention = getattr(self, f"attention{place + 1}" if place else "attention")
                hidden = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
                y = attention.norm(x)
                x = x + attention.self_attn(y, y, y, attn_mask=hidden, need_weights=False)[0]
        x = self.norm(x)
        logits = self.lm_head(x)
        if self.counts:
            logits = logits + (self.mixing.gates(x)[..., None] * features).sum(-2)
        return logits if every else logits[:, -1]
