// The shapes of commands of a host. The compiler makes a body of its own for each command, in which the types are known; that of any
// number of parameters looks the types up at each call.
extension Command {
  /// Creates a command of one parameter from a body of the same types, which may throw a `ScriptError`; the machine adds the place.
  @inlinable
  public init<A: CommandParameter>(
    _ name: String, _ summary: String, _ first: A, example: String,
    body: @escaping (CallContext, A.Argument) throws -> Value
  ) {
    let signatures = first.signatures
    self.init(name, summary, signatures, first.acceptance, example: example) { arguments, context in
      let a = try first.take(from: &arguments)
      try arguments.finish(signatures)
      return try body(context, a).slot(context)
    }
  }

  /// Creates a command of two parameters from a body of the same types, which may throw a `ScriptError`; the machine adds the place.
  @inlinable
  public init<A: CommandParameter, B: CommandParameter>(
    _ name: String, _ summary: String, _ first: A, _ second: B, example: String,
    body: @escaping (CallContext, A.Argument, B.Argument) throws -> Value
  ) {
    let signatures = first.signatures + second.signatures
    self.init(name, summary, signatures, first.acceptance, example: example) { arguments, context in
      let a = try first.take(from: &arguments)
      let b = try second.take(from: &arguments)
      try arguments.finish(signatures)
      return try body(context, a, b).slot(context)
    }
  }

  /// Creates a command of three parameters from a body of the same types, which may throw a `ScriptError`; the machine adds the place.
  @inlinable
  public init<A: CommandParameter, B: CommandParameter, C: CommandParameter>(
    _ name: String, _ summary: String, _ first: A, _ second: B, _ third: C, example: String,
    body: @escaping (CallContext, A.Argument, B.Argument, C.Argument) throws -> Value
  ) {
    let signatures = first.signatures + second.signatures + third.signatures
    self.init(name, summary, signatures, first.acceptance, example: example) { arguments, context in
      let a = try first.take(from: &arguments)
      let b = try second.take(from: &arguments)
      let c = try third.take(from: &arguments)
      try arguments.finish(signatures)
      return try body(context, a, b, c).slot(context)
    }
  }

  /// Creates a command of four parameters from a body of the same types, which may throw a `ScriptError`; the machine adds the place.
  @inlinable
  public init<A: CommandParameter, B: CommandParameter, C: CommandParameter, D: CommandParameter>(
    _ name: String, _ summary: String, _ first: A, _ second: B, _ third: C, _ fourth: D, example: String,
    body: @escaping (CallContext, A.Argument, B.Argument, C.Argument, D.Argument) throws -> Value
  ) {
    let signatures = first.signatures + second.signatures + third.signatures + fourth.signatures
    self.init(name, summary, signatures, first.acceptance, example: example) { arguments, context in
      let a = try first.take(from: &arguments)
      let b = try second.take(from: &arguments)
      let c = try third.take(from: &arguments)
      let d = try fourth.take(from: &arguments)
      try arguments.finish(signatures)
      return try body(context, a, b, c, d).slot(context)
    }
  }

  /// Creates a command of five parameters from a body of the same types, which may throw a `ScriptError`; the machine adds the place.
  @inlinable
  public init<A: CommandParameter, B: CommandParameter, C: CommandParameter, D: CommandParameter, E: CommandParameter>(
    _ name: String, _ summary: String, _ first: A, _ second: B, _ third: C, _ fourth: D, _ fifth: E, example: String,
    body: @escaping (CallContext, A.Argument, B.Argument, C.Argument, D.Argument, E.Argument) throws -> Value
  ) {
    let signatures = first.signatures + second.signatures + third.signatures + fourth.signatures + fifth.signatures
    self.init(name, summary, signatures, first.acceptance, example: example) { arguments, context in
      let a = try first.take(from: &arguments)
      let b = try second.take(from: &arguments)
      let c = try third.take(from: &arguments)
      let d = try fourth.take(from: &arguments)
      let e = try fifth.take(from: &arguments)
      try arguments.finish(signatures)
      return try body(context, a, b, c, d, e).slot(context)
    }
  }

  /// Creates a command of six parameters from a body of the same types, which may throw a `ScriptError`; the machine adds the place.
  @inlinable
  public init<
    A: CommandParameter, B: CommandParameter, C: CommandParameter, D: CommandParameter, E: CommandParameter,
    F: CommandParameter
  >(
    _ name: String, _ summary: String, _ first: A, _ second: B, _ third: C, _ fourth: D, _ fifth: E, _ sixth: F,
    example: String,
    body:
      @escaping (CallContext, A.Argument, B.Argument, C.Argument, D.Argument, E.Argument, F.Argument) throws -> Value
  ) {
    let signatures =
      first.signatures + second.signatures + third.signatures + fourth.signatures + fifth.signatures + sixth.signatures
    self.init(name, summary, signatures, first.acceptance, example: example) { arguments, context in
      let a = try first.take(from: &arguments)
      let b = try second.take(from: &arguments)
      let c = try third.take(from: &arguments)
      let d = try fourth.take(from: &arguments)
      let e = try fifth.take(from: &arguments)
      let f = try sixth.take(from: &arguments)
      try arguments.finish(signatures)
      return try body(context, a, b, c, d, e, f).slot(context)
    }
  }
}

extension Value {
  /// The value as a slot, which the caller owns.
  @usableFromInline func slot(_ context: CallContext) -> Slot { owned(context) }
}
