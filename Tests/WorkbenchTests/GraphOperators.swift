import PixelScript

/// How each differentiable operator and command is written in a random graph: of `{a}` and `{b}`, both [2, 2] and near
/// [-1, 1], to [2, 2]. What has no gradient is named as such, so that a new command must be put into one of both.
enum GraphOperators {
  /// Expressions by what they try: the name of a command after its group, or an operator.
  static let forms: [String: [String]] = [
    "+": ["({a} + {b}) / 2"], "-": ["({a} - {b}) * 0.5"], "*": ["{a} * {b}"], "/": ["{a} / (2 + {b} * {b})"],
    "%": ["(3 + {a}) % (4 + {b})"], "**": ["(2 + {a}) ** {b} * 0.3", "{a} ** 2"], "@": ["{a} @ {b}"],
    "negate": ["-{a}"],
    "index": ["stack([{a}[1], {b}[0]])", "{a}[[1, 1]] * 0.5"], "set": ["put({a}, {b})"],

    "Tensors dropout": ["dropout({a}, 0.5, seed: 3) * 0.5"], "Tensors reshape": ["reshape({a}, 4).reshape(2, 2)"],
    "Tensors transpose": ["transpose({a})"], "Tensors permute": ["permute({a}, 1, 0)"],
    "Tensors flip": ["flip({a}, 1)"],
    "Tensors concat": ["concat([{a}, {b}])[1:3]", "concat([{a}, {b}, {a}], 1)[:, 1:3]"],
    "Tensors stack": ["stack([{a}, {b}])[:, 1]"], "Tensors repeat": ["repeat({a}, 2)[1:3]"],
    "Tensors pad": ["pad({a}, 1)[1:3, 0:2]"], "Tensors gather": ["gather({a}, 1, tensor([[1, 0], [1, 1]]))"],
    "Tensors scatter": [
      "scatter({a}, 1, tensor([[1], [0]]), {b}[:, 0:1])", "scatter({a}, 0, tensor([[0, 0], [0, 0]]), {b})",
    ],
    "Tensors scatter_add": ["scatter_add({a}, 1, tensor([[1, 1], [0, 1]]), {b}) * 0.5"],
    "Tensors max_pool1d": ["max_pool1d({a} + far, 2, stride: 1, padding: 1)[:, 0:2] * 0.1 + {b}"],
    "Tensors avg_pool1d": ["avg_pool1d({a}, 3, stride: 1, padding: 1)"],
    "Tensors max_pool2d": ["max_pool2d({a} + far, 2, padding: 1) * 0.1 + {b}"],
    "Tensors avg_pool2d": ["avg_pool2d({a}, 2, stride: 1, padding: 1)[0:2, 1:3]"],
    "Tensors where": ["where(mask, {a}, {b})"],
    "Tensors clamp": ["clamp({a}, -0.9, 0.8)", "clamp({a}, {b} - far, {b} + 9) * 0.1"],
    "Tensors sum": ["{a} * sum({b}) * 0.3", "sum({a}, axis: 0) * {b}"],
    "Tensors mean": ["{a} - mean({b})", "mean({a}, 1, keep: true) * {b}"],
    "Tensors norm": ["{a} / (1 + norm({b}))"], "Tensors cumsum": ["cumsum({a}, 1) * 0.5"],
    "Tensors var": ["{a} * var({b})", "var({a}, 0) + {b}"], "Tensors std": ["{a} * std({b} + mask)"],
    "Tensors max": ["max({a}) * {b}", "max({a}, 1) - {b}"], "Tensors min": ["min({a}, 0) + {b}"],
    "Tensors exp": ["exp({a}) * 0.3"], "Tensors log": ["log(3 + {a})"], "Tensors sqrt": ["sqrt(2 + {a})"],
    "Tensors abs": ["abs({a})"], "Tensors sin": ["sin({a})"], "Tensors cos": ["cos({a})"],
    "Tensors tan": ["tan({a}) * 0.5"], "Tensors tanh": ["tanh({a})"], "Tensors sigmoid": ["sigmoid({a})"],
    "Tensors relu": ["relu({a})"], "Tensors gelu": ["gelu({a})"], "Tensors silu": ["silu({a})"],
    "Tensors softplus": ["softplus({a})"], "Tensors matmul": ["matmul({a}, {b})"],
    "Tensors embedding": ["embedding([1, 1], {a}) * {b}"],
    "Tensors softmax": ["softmax({a})", "softmax({a}, 0) * {b}"],
    "Tensors log_softmax": ["log_softmax({a}) * 0.5"], "Tensors cross_entropy": ["cross_entropy({a}, [0, 1]) * {b}"],
    "Tensors mse": ["mse({a}, {b}) + {a}"],
    "Tensors layer_norm": [
      "layer_norm({a}.reshape(4), {b}.reshape(4), {a}.reshape(4), eps: 0.1).reshape(2, 2) * 0.5"
    ],
    "Tensors rms_norm": ["reshape(rms_norm(reshape({a}, 4), reshape({b}, 4), eps: 0.1), 2, 2) * 0.5"],
    "Tensors logsumexp": ["logsumexp({a}, axis: 0) - {b}"], "Tensors log2": ["log2(3 + {a}) * 0.5"],
    "Tensors prod": ["prod(2 + {a}, axis: 1) * 0.2 + {b}"], "Tensors cumprod": ["cumprod(1.5 + {a}, axis: 1) * 0.3"],
    // Far enough apart that no change of an element changes their order.
    "Tensors sort": ["sort({a} + far, axis: 1).values * 0.1"],
    "Tensors topk": ["topk({a} + far, 1, axis: 1).values * 0.1 + {b}"],
    "Tensors median": ["median({a} + far, axis: 1).values * 0.1 + {b}"],
    "Tensors quantile": ["quantile({a} + far, 0.3, axis: 1) * 0.1 + {b}"],
    "Tensors maximum": ["maximum({a}, {b} + far) * 0.1"], "Tensors minimum": ["minimum({a} - far, {b}) * 0.1"],
    "Tensors squeeze": ["squeeze({a}.reshape(1, 2, 2))"], "Tensors unsqueeze": ["unsqueeze({a}, 1)[:, 0]"],
    "Tensors expand": ["expand({a}[0], 2, 2)"], "Tensors roll": ["roll({a}, 1, 0)"],
    "Tensors split": ["concat(split({a}, 1)[::-1])"], "Tensors chunk": ["concat(chunk({a}, 2, axis: 1)[::-1], 1)"],
    "Tensors tril": ["tril({a})"], "Tensors triu": ["triu({a})"],
    "Tensors einsum": ["einsum(\"ij,kj->ik\", {a}, {b}) * 0.5", "einsum(\"ii->i\", {a}) * {b}"],
    "Tensors dot": ["dot({a}[0], {b}[1]) * {a} * 0.5"], "Tensors outer": ["outer({a}[0], {b}[:, 1])"],
    "Tensors conv1d": ["conv1d(reshape({a}, 1, 2, 2), reshape({b}, 2, 2, 1), {a}[0])[0] * 0.5"],
    "Tensors conv2d": [
      "conv2d(reshape({a}, 1, 1, 2, 2), reshape({b}, 1, 1, 2, 2), padding: 1)[0, 0, 0:2, 1:3] * 0.5"
    ],

    "Layers sequential": ["layers.sequential({a})"], "Layers module": ["layers.module({a})"],
    "Layers residual": ["layers.residual({a}) * 0.5"], "Layers linear": ["layers.linear({a})"],
    "Layers conv2d": ["layers.conv2d({a}.reshape(1, 1, 2, 2))[0, 0]"],
    "Layers layer_norm": ["layers.layer_norm({a}.reshape(1, 4)).reshape(2, 2)"],
    "Layers rms_norm": ["layers.rms_norm({a}.reshape(1, 4)).reshape(2, 2)"], "Layers dropout": ["layers.dropout({a})"],
    "Layers relu": ["layers.relu({a})"], "Layers gelu": ["layers.gelu({a})"], "Layers silu": ["layers.silu({a})"],
    "Layers conv1d": ["layers.conv1d({a}.reshape(1, 2, 2))[0]"],
    "Layers lstm_layer": ["layers.lstm_layer(stack([{a}, {b}]))[1]"],
    "Layers mamba_layer": ["layers.mamba_layer({a}.reshape(1, 2, 2))[0]"],
    "Layers attention_layer": ["layers.attention_layer({a}.reshape(1, 2, 2))[0]"],
  ]

  /// Commands without a gradient, or with one of zeros.
  static let constants: [String: [String]] = [
    "Tensors": [
      "multinomial", "shuffle", "randperm", "sign",
      "tensor", "zeros", "ones", "full", "eye", "arange", "linspace", "one_hot", "rand", "randn", "randint", "item",
      "to_list", "to_image", "argmax", "argmin", "all", "any", "round", "floor", "ceil", "parameter", "backward",
      "argsort", "unique", "bincount", "histogram", "isnan", "isinf", "isin", "generator", "clip_grad", "zero_grad",
      "detach", "grad",
      "adamw", "adam", "sgd", "lion", "muon", "step",
    ],
    // These take tokens, or are no layers.
    "Layers": ["describe", "copy", "embedding", "patch_embedding"],
    "operators": ["and", "or", "//", "==", "!=", "<", "<=", ">", ">=", "in", "|", "&", "^"],
  ]

  /// What the expressions use.
  static let prelude = """
    mask = tensor([[true, false], [false, true]])
    far = tensor([[9, -9], [-9, 9]])
    fn put(a, b) {
      c = a * 1
      c[0] = b[1]
      c[:, 1] = a[0] * b[:, 0]
      return c
    }
    layers = {
      sequential: sequential([linear(2, 3, seed: 1), silu(), linear(3, 2, seed: 2)]),
      module: module({scale: parameter(tensor([0.5, 2])), inner: linear(2, 2, seed: 3)},
        fn(parts, x) = parts.inner(x * parts.scale)),
      linear: linear(2, 2, seed: 4), layer_norm: layer_norm(4), rms_norm: rms_norm(4), dropout: dropout(0.5),
      relu: relu(), gelu: gelu(), silu: silu(), conv1d: conv1d(2, 2, 3, padding: 1, seed: 5),
      lstm_layer: lstm_layer(2, 2, seed: 6), mamba_layer: mamba_layer(2, 2, seed: 7),
      attention_layer: attention_layer(2, 1, seed: 8), residual: residual([linear(2, 2, seed: 9), silu()]),
      conv2d: conv2d(1, 1, 3, padding: 1, seed: 10)}
    """

  /// The commands and operators that stand in neither table.
  static func missing(_ registry: Registry) -> [String] {
    let commands = registry.groups.filter { constants[$0.title] != nil }.flatMap { group in
      group.commands.map(\.name).filter { constants[group.title]?.contains($0) != true }.map { "\(group.title) \($0)" }
    }
    let operators = Operation.allCases.map(\.symbol).filter { constants["operators"]?.contains($0) != true }
    return (commands + operators).filter { forms[$0] == nil }
  }
}
