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

from pytorch_layers import Mamba, ResidualMamba, SequenceModel
from pytorch_mixmamba import MixMamba


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
