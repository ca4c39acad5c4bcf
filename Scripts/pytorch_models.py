"""The models in PyTorch: the published classes, and those of the paper's foundations, from their definitions.

`load(folder)` makes the model that config.json describes and fills it from model.safetensors, strictly; `save(model, folder)`
writes both in the published form. Attributes are called as the tensors are, so that a checkpoint needs no mapping.
Scripts/check_checkpoints compares these models with ours, Scripts/pytorch_speed.py times them.
"""

import json
import math
import struct
from pathlib import Path

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


class SimpleRNNModel(SequenceModel):
    """The paper's LSTM: the first layer may read both ways with half the state each."""

    def __init__(self, config):
        super().__init__(config)
        state, both = config.get("d_state", 64), config.get("bidirectional", True)
        self._lstm = nn.LSTM(self.dim, state // 2 if both else state, batch_first=True, bidirectional=both)
        self.lstm = nn.LSTM(state, state, self.depth - 1, batch_first=True) if self.depth > 1 else None
        self.fc = nn.Linear(state, self.vocabulary)

    def body(self, x):
        x = self._lstm(x)[0]
        return x if self.lstm is None else self.lstm(x)[0]

    def logits(self, x):
        return self.fc(x)


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


class bMamba(SequenceModel):
    """The paper's state space model: the first block may read both ways with the same weights."""

    def __init__(self, config):
        super().__init__(config)
        sizes = config.get("d_state", 64), config.get("d_conv", 4), config.get("expand", 2)
        self._mamba = Mamba(self.dim, *sizes)
        self.layers = nn.ModuleList(Mamba(self.dim, *sizes) for _ in range(self.depth - 1))
        self.norm = nn.LayerNorm(self.dim) if config.get("bidirectional", True) else None
        self.lm_head = nn.Linear(self.dim, self.vocabulary, bias=False)

    def body(self, x):
        y = self._mamba(x)
        x = y if self.norm is None else self.norm(y + self._mamba(x.flip(1)).flip(1))
        for layer in self.layers:
            x = layer(x)
        return x

    def logits(self, x):
        return self.lm_head(x)


def sinusoids(places, width):
    """Sines and cosines [positions, width] of many wavelengths (Vaswani et al. 2017)."""
    wavelengths = 10_000 ** (torch.arange(0, width, 2, dtype=torch.float64) / width)
    angles = places[:, None].double() / wavelengths
    return torch.stack([angles.sin(), angles.cos()], -1).flatten(1)[:, :width]


def encoder_layer(dim, config, norm_first=False):
    return nn.TransformerEncoderLayer(
        dim, config.get("heads", 4), 4 * dim, config.get("dropout", 0.1), batch_first=True, norm_first=norm_first
    )


class SimpleTransformerModel(SequenceModel):
    """The paper's attention model; the published one knows neither `positions` nor `causal`."""

    def __init__(self, config):
        heads = config.get("heads", 4)
        super().__init__(config, config["dim"] // heads * heads)
        self.causal, self.kind = config.get("causal", False), config.get("positions", "none")
        self.positions = nn.Embedding(1024, self.dim) if self.kind == "learned" else None
        self.transformer_encoder = nn.TransformerEncoder(
            encoder_layer(self.dim, config), self.depth, enable_nested_tensor=False
        )
        self.fc = nn.Linear(self.dim, self.vocabulary)

    def body(self, x):
        places = torch.arange(x.shape[1], device=x.device)
        if self.kind == "learned":
            x = x + self.positions(places % 1024)
        elif self.kind == "sinusoidal":
            x = x + sinusoids(places, self.dim).to(x.dtype)
        return self.transformer_encoder(x, mask=places[None] > places[:, None] if self.causal else None)

    def logits(self, x):
        return self.fc(x)


class ImageTransformer(SequenceModel):
    """Causal local attention (Parmar et al. 2018) in blocks of the sequence ("1d") or squares of the picture ("2d")."""

    def __init__(self, config):
        heads = config.get("heads", 4)
        super().__init__(config, config["dim"] // heads * heads)
        self.local, self.row = config.get("local", "1d"), config.get("row", 17)
        line = self.local == "1d"
        self.block, self.memory = config.get("block", 32 if line else 8), config.get("memory", 64 if line else 8)
        self.layers = nn.ModuleList(encoder_layer(self.dim, config, norm_first=True) for _ in range(self.depth))
        self.norm = nn.LayerNorm(self.dim)
        self.fc = nn.Linear(self.dim, self.vocabulary)

    def seen(self, length):
        """Whether a query (row) sees a key (column)."""
        place = torch.arange(length)
        seen = place[None] <= place[:, None]
        if self.local == "1d":
            first = place // self.block * self.block
            return seen & (place[None] >= first[:, None] - self.memory)
        rows, columns = place // self.row, place % self.row
        top, left = rows // self.block * self.block, columns // self.block * self.block
        near = (rows[None] >= top[:, None] - self.memory) & (columns[None] >= left[:, None] - self.memory)
        return seen & near & (columns[None] < left[:, None] + self.block)

    def body(self, x):
        place, half = torch.arange(x.shape[1]), self.dim // 2
        grid = [sinusoids(place // self.row, half), sinusoids(place % self.row, self.dim - half)]
        x = x + torch.cat(grid, 1).to(x)
        hidden = ~self.seen(x.shape[1]).to(x.device)
        for layer in self.layers:
            x = layer(x, src_mask=hidden)
        return self.norm(x)

    def logits(self, x):
        return self.fc(x)


class BiMambaPlusLayer(nn.Module):
    def __init__(self, dim, sizes, dropout):
        super().__init__()
        self.forward, self.backward = Mamba(dim, *sizes, forgets=True), Mamba(dim, *sizes, forgets=True)
        self.forward_norm, self.backward_norm, self.norm = nn.LayerNorm(dim), nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.linear1, self.linear2 = nn.Linear(dim, 4 * dim), nn.Linear(4 * dim, dim)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x):
        # As an attribute, `forward` is this method.
        ahead, back = self._modules["forward"](x), self.backward(x.flip(1)).flip(1)
        y = self.forward_norm(x + self.dropout(ahead)) + self.backward_norm(x + self.dropout(back))
        hidden = self.dropout(F.relu(self.linear1(y)))
        return self.norm(y + self.dropout(self.linear2(hidden)))


class BiMambaPlus(SequenceModel):
    """Layers of a forward and a backward Mamba+ block and a feed-forward layer (Liang et al. 2024)."""

    def __init__(self, config):
        super().__init__(config)
        sizes = config.get("d_state", 16), config.get("d_conv", 4), config.get("expand", 2)
        dropout = config.get("dropout", 0.1)
        self.layers = nn.ModuleList(BiMambaPlusLayer(self.dim, sizes, dropout) for _ in range(self.depth))
        self.head = nn.Linear(self.dim, self.vocabulary)

    def body(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def logits(self, x):
        return self.head(x)


class ResidualMamba(nn.Module):
    def __init__(self, dim, sizes):
        super().__init__()
        self.norm, self.mixer = nn.RMSNorm(dim, eps=1e-5), Mamba(dim, *sizes)

    def forward(self, x):
        return x + self.mixer(self.norm(x))


class MambaLMHeadModel(SequenceModel):
    """MambaByte (Wang et al. 2024): residual Mamba blocks behind RMS norms; a tied head is the embedding's table."""

    def __init__(self, config):
        super().__init__(config)
        sizes = config.get("d_state", 16), config.get("d_conv", 4), config.get("expand", 2)
        self.backbone = nn.Module()
        self.backbone.layers = nn.ModuleList(ResidualMamba(self.dim, sizes) for _ in range(self.depth))
        self.backbone.norm_f = nn.RMSNorm(self.dim, eps=1e-5)
        tied = config.get("tie_embeddings", False)
        self.lm_head = None if tied else nn.Linear(self.dim, self.vocabulary, bias=False)

    def body(self, x):
        for layer in self.backbone.layers:
            x = layer(x)
        return self.backbone.norm_f(x)

    def logits(self, x):
        return F.linear(x, self.embedding.weight) if self.lm_head is None else self.lm_head(x)


class SequenceCounts:
    """What a sequence has said so far about its next token: the tokens around it, and what followed the same contexts."""

    CONTEXTS = 12

    def __init__(self):
        self.tokens, self.followers, self.keys = [], {}, []
        self.hits = [0.0] * self.CONTEXTS
        self.row = self.above = self.higher = None

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
        elif token == 2:
            self.higher, self.above, self.row = None, None, len(self.tokens)
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
    """Residual Mamba blocks that read more neighbors, their logits mixed with counts of the sequence so far (PAQ, Mahoney 2005)."""

    def __init__(self, config):
        super().__init__(config)
        sizes = config.get("d_state", 16), config.get("d_conv", 4), config.get("expand", 2)
        self.layers = nn.ModuleList(ResidualMamba(self.dim, sizes) for _ in range(self.depth))
        self.norm = nn.RMSNorm(self.dim, eps=1e-5)
        self.lm_head = nn.Linear(self.dim, self.vocabulary, bias=False)
        self.fills, self.counts = config.get("neighbors", True), config.get("counts", True)
        if self.counts:
            self.mixing = nn.Module()
            self.mixing.gates = nn.Linear(self.dim, 3 * SequenceCounts.CONTEXTS)
            self.mixing.measures = nn.Linear(3 * SequenceCounts.CONTEXTS, self.dim, bias=False)

    def forward(self, ids, every=False):
        ids, kind = ids.clone(), self.lm_head.weight.dtype
        measures, features = [], []
        for sequence in ids:
            counts = SequenceCounts()
            for patch in sequence:
                counts.take(int(patch[1, 1]))
                if self.fills:
                    patch.view(-1)[5:] = torch.tensor(counts.neighbors)
                for numbers, found in zip((measures, features), counts.notes(self.vocabulary)):
                    numbers.append(found.to(kind))
        shape = ids.shape[:2]
        measures, features = torch.stack(measures).unflatten(0, shape), torch.stack(features).unflatten(0, shape)
        x = self.embedding(ids if self.patches else ids[:, :, 1, 1])
        x = x + self.mixing.measures(measures) if self.counts else x
        for layer in self.layers:
            x = layer(x)
        x = self.norm(x)
        logits = self.lm_head(x)
        if self.counts:
            logits = logits + (self.mixing.gates(x)[..., None] * features).sum(-2)
        return logits if every else logits[:, -1]


class CausalConvolution(nn.Conv1d):
    """x [batch, time, inputs] to [batch, time, outputs], from present and earlier positions, without a bias."""

    def __init__(self, inputs, outputs, taps=1, dilation=1):
        super().__init__(inputs, outputs, taps, dilation=dilation, bias=False)
        self.before = (taps - 1) * dilation

    def forward(self, x):
        return super().forward(F.pad(x.transpose(1, 2), (self.before, 0))).transpose(1, 2)


class Bottleneck(nn.Module):
    def __init__(self, inputs, outputs, dilation):
        super().__init__()
        inner = outputs // 4
        self.conv1, self.norm1 = CausalConvolution(inputs, inner), nn.LayerNorm(inner)
        self.conv2, self.norm2 = CausalConvolution(inner, inner, 3, dilation), nn.LayerNorm(inner)
        self.conv3, self.norm3 = CausalConvolution(inner, outputs), nn.LayerNorm(outputs)
        self.downsample = None
        if inputs != outputs:
            self.downsample = nn.Module()
            self.downsample.conv1, self.downsample.norm1 = CausalConvolution(inputs, outputs), nn.LayerNorm(outputs)

    def forward(self, x):
        y = F.relu(self.norm1(self.conv1(x)))
        y = F.relu(self.norm2(self.conv2(y)))
        y = self.norm3(self.conv3(y))
        return F.relu(y + (x if self.downsample is None else self.downsample.norm1(self.downsample.conv1(x))))


class CausalResNet(SequenceModel):
    """Bottleneck blocks (He et al. 2015) over time; each stage is twice as wide and looks twice as far as the last."""

    def __init__(self, config):
        super().__init__(config)
        counts = {26: [2, 2, 2, 2], 50: [3, 4, 6, 3]}[config.get("layers", 50)]
        self.conv1, self.norm1 = CausalConvolution(self.dim, self.dim, 7), nn.LayerNorm(self.dim)
        width = self.dim
        for stage, count in enumerate(counts):
            blocks = []
            for _ in range(count):
                blocks.append(Bottleneck(width, self.dim << stage, 1 << stage))
                width = self.dim << stage
            self.add_module(f"layer{stage + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(width, self.vocabulary)

    def body(self, x):
        x = F.relu(self.norm1(self.conv1(x)))
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))

    def logits(self, x):
        return self.fc(x)


CLASSES = {
    "lstm": SimpleRNNModel,
    "mamba": bMamba,
    "transformer": SimpleTransformerModel,
    "bimamba_plus": BiMambaPlus,
    "mambabyte": MambaLMHeadModel,
    "mixmamba": MixMamba,
    "image_transformer": ImageTransformer,
    "resnet": CausalResNet,
}
DTYPES = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16,
    "I64": torch.int64, "I32": torch.int32, "U8": torch.uint8,
}  # fmt: skip


def read_tensors(path):
    """The tensors of a safetensors file by their names."""
    data = bytearray(Path(path).read_bytes())
    start = 8 + struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    return {
        name: torch.frombuffer(
            data, dtype=DTYPES[it["dtype"]], count=math.prod(it["shape"]), offset=start + it["data_offsets"][0]
        ).reshape(it["shape"])
        for name, it in header.items()
    }


def write_tensors(tensors, path):
    names = {dtype: name for name, dtype in DTYPES.items()}
    header, parts, end = {"__metadata__": {"format": "pt"}}, [], 0
    for name, tensor in tensors.items():
        parts.append(tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes())
        offsets = [end, end + len(parts[-1])]
        header[name] = {"dtype": names[tensor.dtype], "shape": list(tensor.shape), "data_offsets": offsets}
        end = offsets[1]
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    Path(path).write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def make(config):
    """The model that a config.json describes; what is absent has the default of the class."""
    classes = {made.__name__: made for made in CLASSES.values()}
    return classes[config["architectures"][0]](config)


def load(folder):
    model = make(json.loads((Path(folder) / "config.json").read_text()))
    model.load_state_dict(read_tensors(Path(folder) / "model.safetensors"), strict=True)
    return model.eval()


def save(model, folder):
    Path(folder).mkdir(parents=True, exist_ok=True)
    config = {"architectures": [type(model).__name__], "torch_dtype": "float32"} | model.config
    (Path(folder) / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    write_tensors(model.state_dict(), Path(folder) / "model.safetensors")
