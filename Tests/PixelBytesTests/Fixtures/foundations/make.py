"""Makes the checkpoints and outputs of this folder with the PyTorch models of Scripts/pytorch_models.py.

Run from the root of the repository: python3 Tests/PixelBytesTests/Fixtures/foundations/make.py
"""

import json
import math
import sys
from pathlib import Path

import torch
from torch.nn import functional as F

here = Path(__file__).parent
sys.path.insert(0, str(here.parents[3] / "Scripts"))
from pytorch_models import make, write_tensors  # noqa: E402

VOCABULARY, BATCH, LENGTH, SAMPLE = 20, 2, 40, 64
MODELS = {
    "bimamba_plus": {"architectures": ["BiMambaPlus"], "dim": 10, "d_state": 3, "d_conv": 3},
    "mambabyte": {"architectures": ["MambaLMHeadModel"], "dim": 9, "d_state": 5, "pembed": False},
    "mambabyte_tied": {
        "architectures": ["MambaLMHeadModel"], "dim": 12, "d_state": 4, "depth": 1, "pxby_embed": False, "pembed": False,
        "tie_embeddings": True,
    },
    "image_transformer_1d": {"architectures": ["ImageTransformer"], "dim": 13, "heads": 3, "block": 7, "memory": 5},
    "image_transformer_2d": {
        "architectures": ["ImageTransformer"], "dim": 12, "heads": 2, "local": "2d", "block": 3, "memory": 2, "row": 7,
        "pembed": False,
    },
    "transformer_causal": {
        "architectures": ["SimpleTransformerModel"], "dim": 12, "positions": "sinusoidal", "causal": True,
    },
    "transformer_learned": {
        "architectures": ["SimpleTransformerModel"], "dim": 8, "heads": 2, "depth": 1, "positions": "learned",
    },
    "resnet": {"architectures": ["CausalResNet"], "dim": 16, "layers": 26, "pembed": False},
}  # fmt: skip


def places(count):
    step = max(1, count // SAMPLE) | 1
    while math.gcd(step, count) != 1:
        step += 2
    return torch.arange(SAMPLE) * step % count


def sign(index):
    """-1 where the highest bit of splitmix64's output for state `index` is set, else 1."""
    whole = (1 << 64) - 1
    z = (index + 1) * 0x9E3779B97F4A7C15 & whole
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & whole
    z = (z ^ z >> 27) * 0x94D049BB133111EB & whole
    return -1 if (z ^ z >> 31) >> 63 else 1


def outputs(model, ids, labels):
    model.double()
    logits, every = model(ids), model(ids, every=True)
    loss = F.cross_entropy(logits, labels)
    loss.backward()
    found = {
        "input_ids": ids.int(), "target_ids": labels.int(), "logits_f64": logits, "loss_f64": loss.reshape(1),
        "every_f64": every[:, ::7],
    }  # fmt: skip
    for name, parameter in model.named_parameters():
        gradient = parameter.grad.flatten()
        signs = torch.tensor([sign(index) for index in range(len(gradient))])
        stats = [gradient.sum(), gradient.norm(), gradient.abs().max(), (gradient * signs).sum()]
        found["grad_stats." + name] = torch.stack(stats)
        if len(gradient) > SAMPLE:
            found["grad_sample." + name] = gradient[places(len(gradient))].float()
        else:
            found["grad." + name] = gradient.float()
    return found


torch.manual_seed(5)
for name, settings in MODELS.items():
    config = settings | {"vocab_size": VOCABULARY}
    model = make(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            # Norms, biases and A_log leave their first values; what is written as BF16 is what is computed with.
            parameter.copy_((parameter + 0.1 * torch.randn_like(parameter)).bfloat16())
    ids = torch.randint(0, VOCABULARY, (BATCH, LENGTH, 3, 3))
    ids[:, :, 1, 2] = 0
    ids[:, :, 2] = 0
    labels = torch.randint(0, VOCABULARY, (BATCH,))
    folder = here / name
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    write_tensors({key: value.bfloat16() for key, value in model.state_dict().items()}, folder / "model.safetensors")
    write_tensors(outputs(model, ids, labels), folder / "io.safetensors")
