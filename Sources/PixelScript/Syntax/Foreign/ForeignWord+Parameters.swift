/// Parameters of commands elsewhere: the names that they may have here, and what to do where there is none.
extension ForeignWord {
  /// The names here, of which a command has one at most.
  private static let parameterNames: [String: [String]] = [
    "learning_rate": ["lr"], "alpha": ["lr"], "batch_size": ["batch"], "bs": ["batch"],
    "num_epochs": ["epochs"], "n_epochs": ["epochs"], "max_epochs": ["epochs"], "nb_epoch": ["epochs"],
    "epoch": ["epochs"], "max_steps": ["steps"], "num_steps": ["steps"], "iterations": ["steps"], "n_iter": ["steps"],
    "validation_data": ["validate"], "validation": ["validate"], "val": ["validate"], "eval_dataset": ["validate"],
    "val_data": ["validate"], "eval_set": ["validate"], "test_data": ["validate"],
    "hidden_size": ["state", "dim"], "hidden_dim": ["state", "dim"], "hidden": ["state", "dim"],
    "units": ["state", "dim"],
    "d_state": ["state"], "input_size": ["dim"], "embed_dim": ["dim"], "embedding_dim": ["dim"], "d_model": ["dim"],
    "n_embd": ["dim"], "model_dim": ["dim"], "width": ["dim"], "num_layers": ["depth"], "n_layers": ["depth"],
    "n_layer": ["depth"], "layers": ["depth", "layers"], "nhead": ["heads"], "n_head": ["heads"],
    "num_heads": ["heads"], "n_heads": ["heads"], "num_attention_heads": ["heads"], "vocab_size": ["vocabulary"],
    "p": ["dropout"], "dropout_rate": ["dropout"], "max_length": ["tokens", "sequence"],
    "max_new_tokens": ["tokens"], "max_tokens": ["tokens"], "length": ["tokens"], "num_tokens": ["tokens"],
    "seq_len": ["sequence"], "sequence_length": ["sequence"], "context_length": ["sequence"],
    "block_size": ["sequence"], "num_samples": ["count", "samples"], "n_samples": ["count", "samples"],
    "num_return_sequences": ["count"], "n": ["count"], "num": ["count"], "size": ["count"], "temp": ["temperature"],
    "topk": ["top_k"], "topp": ["top_p"], "k": ["top_k"], "random_state": ["seed"], "random_seed": ["seed"],
    "rng": ["generator", "seed"], "manual_seed": ["seed"], "test_size": ["test"], "valid": ["test"],
    "early_stopping": ["patience"], "early_stopping_patience": ["patience"], "grad_clip": ["clip"],
    "max_grad_norm": ["clip"], "clip_grad_norm": ["clip"], "gradient_clip_val": ["clip"], "clipnorm": ["clip"],
    "gradient_accumulation_steps": ["accumulate"], "accumulate_grad_batches": ["accumulate"],
    "lr_scheduler": ["schedule"], "scheduler": ["schedule"], "lr_schedule": ["schedule"], "warmup_steps": ["warmup"],
    "num_warmup_steps": ["warmup"], "wd": ["weight_decay"], "l2": ["weight_decay"], "decay_rate": ["weight_decay"],
    "optim": ["optimizer"], "opt": ["optimizer"], "criterion": ["loss"], "loss_fn": ["loss"], "metric": ["metrics"],
    "save_dir": ["checkpoint", "path"], "output_dir": ["checkpoint", "path"], "checkpoint_dir": ["checkpoint"],
    "log_dir": ["log"], "logdir": ["log"], "resume_from_checkpoint": ["resume"], "dim": ["axis"], "axes": ["axis"],
    "keepdim": ["keep"], "keepdims": ["keep"], "ddof": ["correction"], "na_values": ["missing"],
    "reverse": ["descending"], "order": ["descending"], "key": ["by"],
    "sep": ["by"], "delimiter": ["by", "separator"], "group": ["by"], "hue": ["by"], "how_many": ["count"],
    "label": ["names", "ylabel", "title"], "figsize": ["size", "width", "height"], "filename": ["path"],
    "file": ["path"], "fname": ["path"], "data_dir": ["path"], "framerate": ["fps"], "duration": ["fps"],
    "ncols": ["columns"],
    "nrows": ["rows"], "cols": ["columns"], "caption": ["titles", "caption"], "captions": ["titles"],
    "labels": ["names", "titles"], "eos_token": ["stop"], "stop_token": ["stop"], "until": ["stop"],
    "vmin": ["zlim"], "vmax": ["zlim"], "clim": ["zlim"], "linewidth": ["width"], "lw": ["width"],
    "markersize": ["width"], "linestyle": ["dash"], "ls": ["dash"], "color": ["colors"],
    "yerr": ["error"], "markers": ["marker"], "bottom": ["stacked"], "annotations": ["texts"],
    "sharex": ["share"], "sharey": ["share"], "orient": ["horizontal"], "orientation": ["horizontal"],
  ]

  /// The names here of parameters that functions of Python with the name of a command have.
  package static let ownNames: [String: [String: String]] = [
    "sorted": ["reverse": "descending", "key": "by"], "sort": ["reverse": "descending"], "max": ["key": "by"],
    "min": ["key": "by"], "print": ["sep": "by"],
  ]

  /// The name here of a parameter of a command, where it is another one.
  static func ownName(ofParameter label: String, of command: String) -> String? { ownNames[command]?[label] }

  /// What holds where there is no such parameter.
  private static let parameterTexts: [String: String] = [
    "file": "write `write_text(path, text)`",
    "ascending": "the smallest come first; `descending: true` turns the order round",
    "flush": "what is printed is there at once; leave it out",
    "encoding": "text is UTF-8; leave it out",
    "exist_ok": "folders are made where files are written; leave it out",
    "verbose": "progress is shown by itself, beside the output; leave it out",
    "silent": "the option `--quiet` of the program leaves progress out",
    "device": "everything is computed on the processors of this machine; leave it out",
    "cuda": "everything is computed on the processors of this machine; leave it out",
    "num_workers": "`threads 2` says on how many threads all work is spread; leave it out",
    "n_jobs": "`threads 2` says on how many threads all work is spread; leave it out",
    "pin_memory": "leave it out; nothing is copied to another device",
    "shuffle": "rows are shuffled by the seed, another order for each epoch; leave it out, or set `seed:`",
    "callbacks": "`patience:` stops early, `checkpoint:` keeps the state, `live: true` shows curves",
    "do_sample": "it draws by itself; `greedy: true` takes the likeliest token",
    "num_beams": "there is no search by beams; `greedy: true` takes the likeliest token",
    "inplace": "commands give a new value: assign what they give",
    "copy": "commands give a new value; leave it out",
    "requires_grad": "write `parameter(x)` for a tensor with a gradient",
    "skipna": "figures of columns leave missing values out; leave it out",
    "out": "commands give a new value: assign what they give",
    "start": "begin with the value: `1 + sum([1, 2])`",
    "bias": "leave it out; the layers are those of the published models",
    "batch_first": "the batch is the first axis always; leave it out",
    "return_tensors": "`encode` gives tokens, which models take; leave it out",
    "fp16": "numbers are float32; leave it out",
    "ax": "several plots stand in one: `plot([plot([1, 2]), plot([2, 1])])`",
    "alpha": "leave it out; bands, areas, boxes and histograms let through what lies below them",
    "cmap": "the colors of a heatmap are always viridis; leave it out",
    "index": "rows have no names; leave it out",
    "header": "`read_table(path, header: false)` reads a file without names of columns",
    "unbiased": "`correction: 0` divides by the count, `correction: 1`, which is the default, by one less",
    "skiprows": "`read_table(path, comment: \"#\")` leaves out lines that begin with a sign",
  ]

  /// Returns what to say of an argument that a command with the parameters `names` lacks, if it is known elsewhere.
  package static func help(forParameter label: String, of names: [String]) -> String? {
    if let name = parameterNames[label]?.first(where: names.contains) { return "did you mean `\(name)`?" }
    return parameterTexts[label]
  }

  /// All parameters that errors explain, with the names that they may have here.
  package static var parameters: (names: [String: [String]], texts: [String: String]) {
    (parameterNames, parameterTexts)
  }
}
