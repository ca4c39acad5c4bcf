/// What is tried with inputs that follow from their numbers.
public protocol FuzzSubject {
  /// The number of inputs there are, or nil for any number.
  var count: Int? { get }

  /// The inputs that one process tries.
  var portion: Int { get }

  /// How often each kind of answer was given so far, for the report at the end.
  var answers: [String: Int] { get }

  /// What is wrong with how an input is answered, or nil.
  func fault(of number: Int) -> String?

  /// An input as a file that shows the fault again: what its name ends with, and its bytes.
  func file(of number: Int) -> (ending: String, bytes: [UInt8])
}

extension FuzzSubject {
  /// Any number.
  public var count: Int? { nil }
  /// As many as share ten interpreters.
  public var portion: Int { 10 * Fuzzer.share }
  /// Nothing is counted.
  public var answers: [String: Int] { [:] }
}

extension Fuzzer: FuzzSubject {
  /// The input with those before it that share its variables, a cell each.
  public func file(of number: Int) -> (ending: String, bytes: [UInt8]) {
    let block = (number - number % Fuzzer.block...number).map { "# %% \($0)\n".utf8 + input($0).bytes + "\n".utf8 }
    return (".pxb", Array(block.joined()))
  }
}
