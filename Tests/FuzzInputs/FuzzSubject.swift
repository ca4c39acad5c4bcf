/// What is tried with inputs that follow from their numbers.
public protocol FuzzSubject {
  /// What is wrong with how an input is answered, or nil.
  func fault(of number: Int) -> String?

  /// An input as a file that shows the fault again: what its name ends with, and its bytes.
  func file(of number: Int) -> (ending: String, bytes: [UInt8])
}

extension Fuzzer: FuzzSubject {
  /// The input with those before it that share its variables, a cell each.
  public func file(of number: Int) -> (ending: String, bytes: [UInt8]) {
    let block = (number - number % Fuzzer.block...number).map { "# %% \($0)\n".utf8 + input($0).bytes + "\n".utf8 }
    return (".pxb", Array(block.joined()))
  }
}
