import PixelBytes
import PixelScript
import Tensors

/// An optimizer in a script: `opt = adamw(net)`, then `step(opt)` after each `backward(loss)`.
public final class OptimizerObject: Trainable {
  let optimizer: Optimizer
  private let name: String

  init(_ name: String, _ optimizer: Optimizer) { (self.name, self.optimizer) = (name, optimizer) }

  /// The parameters that a step changes.
  public var parameters: [Tensors.Parameter] { optimizer.parameters }
}

extension OptimizerObject: ScriptObject {
  /// "optimizer".
  public static let scriptName = "optimizer"
  /// The rule, the learning rate and the number of parameters.
  public var displayText: String {
    "\(name)(lr: \(Display.text(of: rate)), \(parameters.count) parameter\(parameters.count == 1 ? "" : "s"))"
  }
  /// The optimizer itself; its moments are counted by themselves.
  public var memoryCost: Int { 448 }
  /// The moments, which the budget counts by themselves; the parameters are the model's.
  public var residentBytes: Int { 64 + optimizer.momentBytes }
  /// The fields.
  public var fieldNames: [String] { ["lr", "steps"] }

  /// The rate as the decimal number it was given as.
  private var rate: Double { Double(optimizer.rate.description) ?? Double(optimizer.rate) }

  /// `lr`, the learning rate, and `steps`, those taken so far.
  public func field(_ name: String) throws -> Value? {
    switch name {
    case "lr": .number(rate)
    case "steps": .number(optimizer.steps)
    default: nil
    }
  }

  /// Sets `lr`.
  public func setField(_ name: String, to value: Value) throws -> Bool {
    guard name == "lr" else { return false }
    guard let rate = Double.convert(value) else {
      throw ScriptError(.type, "a learning rate is a number, found \(describe(value))")
    }
    optimizer.rate = try OptimizerObject.checkedRate(rate)
    return true
  }

  /// The options of a training by it: its rule and its learning rate; its moments stay its own.
  var options: [(name: String, value: SettingValue)] { optimizer.rule.options + [("lr", .fraction(rate))] }

  static func checkedRate(_ rate: Double) throws(ScriptError) -> Float {
    guard rate.isFinite, rate >= 0 else {
      throw ScriptError(.value, "a learning rate is at least 0, found \(Display.text(of: rate))", argument: "lr")
    }
    return Float(rate)
  }
}
