/// What the body of a command of the core may give: a type that becomes a slot without a detour over `Value`.
protocol CommandResult {
  /// The result as a slot, which the caller owns.
  func owned(_ context: CallContext) -> Slot
}

extension Value: CommandResult {
  @inline(__always) func owned(_ context: CallContext) -> Slot { Slot(self, heap: context.heap) }
}

extension Slot: CommandResult {
  @inline(__always) func owned(_ context: CallContext) -> Slot { self }
}

extension Double: CommandResult {
  @inline(__always) func owned(_ context: CallContext) -> Slot { Slot(self) }
}

extension Bool: CommandResult {
  @inline(__always) func owned(_ context: CallContext) -> Slot { Slot(self) }
}

extension String: CommandResult {
  func owned(_ context: CallContext) -> Slot { Slot(text: self, heap: context.heap) }
}

extension StringBox: CommandResult {
  @inline(__always) func owned(_ context: CallContext) -> Slot { Slot(.string, owning: self) }
}

extension ScriptList: CommandResult {
  @inline(__always) func owned(_ context: CallContext) -> Slot { Slot(.list, owning: self) }
}

extension Optional: CommandResult where Wrapped: CommandResult {
  @inline(__always) func owned(_ context: CallContext) -> Slot { self?.owned(context) ?? .nil }
}

// The shapes of commands of the core. The compiler makes a body of its own for each command, in which the types are known;
// that of any number of parameters looks the types up at each call.
extension Command {
  /// Creates a command of no parameter.
  @inline(__always)
  init<R: CommandResult>(
    _ name: String, _ summary: String, example: String,
    body: @escaping (CallContext) throws -> R
  ) {
    let signatures: [Signature] = []
    self.init(name, summary, signatures, .nothing, example: example) { arguments, context in
      try arguments.finish(signatures)
      return try body(context).owned(context)
    }
  }

  /// Creates a command of one parameter.
  @inline(__always)
  init<A: CommandParameter, R: CommandResult>(
    _ name: String, _ summary: String, _ first: A, example: String,
    body: @escaping (CallContext, A.Argument) throws -> R
  ) {
    let signatures = first.signatures
    self.init(name, summary, signatures, first.acceptance, example: example) { arguments, context in
      let a = try first.hold(from: &arguments)
      try arguments.finish(signatures)
      return try first.lend(a) { try body(context, $0).owned(context) }
    }
  }

  /// Creates a command of two parameters.
  @inline(__always)
  init<A: CommandParameter, B: CommandParameter, R: CommandResult>(
    _ name: String, _ summary: String, _ first: A, _ second: B, example: String,
    body: @escaping (CallContext, A.Argument, B.Argument) throws -> R
  ) {
    let signatures = first.signatures + second.signatures
    self.init(name, summary, signatures, first.acceptance, example: example) { arguments, context in
      let a = try first.hold(from: &arguments)
      let b = try second.hold(from: &arguments)
      try arguments.finish(signatures)
      return try first.lend(a) { a in
        try second.lend(b) { try body(context, a, $0).owned(context) }
      }
    }
  }

  /// Creates a command of three parameters.
  @inline(__always)
  init<A: CommandParameter, B: CommandParameter, C: CommandParameter, R: CommandResult>(
    _ name: String, _ summary: String, _ first: A, _ second: B, _ third: C, example: String,
    body: @escaping (CallContext, A.Argument, B.Argument, C.Argument) throws -> R
  ) {
    let signatures = first.signatures + second.signatures + third.signatures
    self.init(name, summary, signatures, first.acceptance, example: example) { arguments, context in
      let a = try first.hold(from: &arguments)
      let b = try second.hold(from: &arguments)
      let c = try third.hold(from: &arguments)
      try arguments.finish(signatures)
      return try first.lend(a) { a in
        try second.lend(b) { b in
          try third.lend(c) { try body(context, a, b, $0).owned(context) }
        }
      }
    }
  }

  /// Creates a command of four parameters.
  @inline(__always)
  init<A: CommandParameter, B: CommandParameter, C: CommandParameter, D: CommandParameter, R: CommandResult>(
    _ name: String, _ summary: String, _ first: A, _ second: B, _ third: C, _ fourth: D, example: String,
    body: @escaping (CallContext, A.Argument, B.Argument, C.Argument, D.Argument) throws -> R
  ) {
    let signatures = first.signatures + second.signatures + third.signatures + fourth.signatures
    self.init(name, summary, signatures, first.acceptance, example: example) { arguments, context in
      let a = try first.hold(from: &arguments)
      let b = try second.hold(from: &arguments)
      let c = try third.hold(from: &arguments)
      let d = try fourth.hold(from: &arguments)
      try arguments.finish(signatures)
      return try first.lend(a) { a in
        try second.lend(b) { b in
          try third.lend(c) { c in
            try fourth.lend(d) { try body(context, a, b, c, $0).owned(context) }
          }
        }
      }
    }
  }

  /// Creates a command of five parameters.
  @inline(__always)
  init<
    A: CommandParameter, B: CommandParameter, C: CommandParameter, D: CommandParameter, E: CommandParameter,
    R: CommandResult
  >(
    _ name: String, _ summary: String, _ first: A, _ second: B, _ third: C, _ fourth: D, _ fifth: E, example: String,
    body: @escaping (CallContext, A.Argument, B.Argument, C.Argument, D.Argument, E.Argument) throws -> R
  ) {
    let signatures = first.signatures + second.signatures + third.signatures + fourth.signatures + fifth.signatures
    self.init(name, summary, signatures, first.acceptance, example: example) { arguments, context in
      let a = try first.hold(from: &arguments)
      let b = try second.hold(from: &arguments)
      let c = try third.hold(from: &arguments)
      let d = try fourth.hold(from: &arguments)
      let e = try fifth.hold(from: &arguments)
      try arguments.finish(signatures)
      return try first.lend(a) { a in
        try second.lend(b) { b in
          try third.lend(c) { c in
            try fourth.lend(d) { d in
              try fifth.lend(e) { try body(context, a, b, c, d, $0).owned(context) }
            }
          }
        }
      }
    }
  }
}
