import PixelScript
import Testing
import Workbench

/// A column of numbers is taken wherever a tensor is: by every command of the group Tensors, in each of its parameters.
@Suite struct ColumnOperandTests {
  /// One parameter that takes a tensor, and how its command is called with something in its place.
  struct Place: CustomStringConvertible, Sendable {
    let command: String
    let parameter: String
    let call: @Sendable (String) -> String

    var description: String { "\(command)(\(parameter):)" }
  }

  static let places: [Place] = {
    let registry = Session(console: Console(write: { _ in })).registry
    let commands = registry.groups.first { $0.title == "Tensors" }?.commands ?? []
    return commands.flatMap { command in
      command.signature.compactMap { place($0, of: command) }
    }
  }()

  private static func place(_ taken: Signature, of command: Command) -> Place? {
    guard taken.type == "tensor" || taken.type == "list of tensors" else { return nil }
    let (name, signature) = (command.name, command.signature)
    return Place(command: name, parameter: taken.name) { operand in
      var arguments: [String] = []
      var isByPosition = true
      for one in signature {
        let isTaken = one == taken
        guard isTaken || !one.isOptional, let usual = isTaken ? operand : usual(one) else {
          isByPosition = false
          continue
        }
        let value = isTaken && one.type == "list of tensors" ? "[\(usual), \(usual)]" : usual
        isByPosition = isByPosition && !one.byName
        arguments.append(isByPosition ? value : "\(one.name): \(value)")
      }
      return "\(name)(\(arguments.joined(separator: ", ")))"
    }
  }

  /// An argument that most commands take.
  private static func usual(_ signature: Signature) -> String? {
    switch signature.type {
    case "whole number" where signature.gathering == .positional: "3"
    case "tensor": "x"
    case "list of tensors": "[x, x]"
    case "whole number", "number": "1"
    case "string": signature.name == "equation" ? "\"i->\"" : "\"x\""
    case "function": "fn(v) = sum(v)"
    case "value": "[0, 1, 2]"
    default: nil
    }
  }

  @Test(arguments: places) func isTaken(_ place: Place) {
    let session = TestSession()
    let prelude = "x = tensor([1, 2, 3])\nt = table({x: [1, 2, 3]})\n"
    let tensor = session.run(prelude + "print str(\(place.call("x")))", echo: false)
    let column = session.run(prelude + "print str(\(place.call("t.x")))", echo: false)
    if tensor.contains("error[") {
      #expect(column.contains("error[") && !column.contains("found a column"), "\(column)")
    } else {
      // A form of its own may ask for columns of other kinds.
      #expect(!column.contains("error[") || column.contains("expects a column of"), "\(column)")
      // What is drawn at random differs.
      let isDrawn = ["dropout", "multinomial", "shuffle"].contains(place.command)
      if column.contains("tensor("), !isDrawn { #expect(tensor == column) }
    }
  }

  @Test func areMany() {
    #expect(Self.places.count > 90)
    let session = TestSession()
    let taken = Self.places.count { place in
      !session.run("x = tensor([1, 2, 3])\nprint str(\(place.call("x")))", echo: false).contains("error[")
    }
    #expect(taken > 60)
  }
}
