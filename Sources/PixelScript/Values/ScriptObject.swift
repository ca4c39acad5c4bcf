/// A value of the host in the hands of a script: a tensor, an image, a data set, a model, a table, a plot.
///
/// Only `scriptName` and `displayText` must be given; everything else has a default that makes the machine say
/// that such a value can't do it.
public protocol ScriptObject: AnyObject, ScriptConvertible {
  /// The text that the prompt echoes and `print` writes.
  var displayText: String { get }
  /// What stands for it inside of a list or a map, where its text is lines of its own, as that of a table; nil for what stands anywhere.
  var innerText: String? { get }
  /// The fields `x.name`, for completion and did-you-mean.
  var fieldNames: [String] { get }
  /// The number of elements, or nil when the value has no length.
  var length: Int? { get }
  /// The number that the value counts as where one is asked for, as a tensor of one element does; nil for none.
  var number: Double? { get }
  /// The truth that the value counts as where one is asked for, as a mask of one element does; nil for none.
  var truth: Bool? { get }
  /// Whether operators work on its elements one by one, as those of a tensor or a column do.
  var isElementwise: Bool { get }
  /// The sizes of the value's axes, such as `[2, 3]`, which errors about shapes tell; nil for a value without axes.
  var shapeText: String? { get }
  /// The bytes that the value holds, for the memory budget.
  var memoryCost: Int { get }
  /// The bytes that the value takes in memory, with what others hold too and with what the budget counts elsewhere, but without the
  /// values that `forEachHeldValue` hands over.
  var residentBytes: Int { get }
  /// True when it may hold values of the script, so that it may be a part of a cycle.
  var holdsValues: Bool { get }

  /// True when a change of it changes another value, as that of a parameter in the hands of a script changes its layer's.
  var isView: Bool { get }

  /// The value of a field, or nil when there is no such field.
  func field(_ name: String) throws -> Value?
  /// Sets a field; returns false when it can't be set.
  func setField(_ name: String, to value: Value) throws -> Bool
  /// The element or part `x[index, ...]`, or nil when the value can't be indexed.
  func element(at index: [Index]) throws -> Value?
  /// The part `x[index, ...]` of which one field is about to be set, and which `setElement` then gets: it need not hold what does not change.
  func part(at index: [Index]) throws -> Value?
  /// The part `x[index, ...]` where it stands, which need not be taken out of its whole: `x[index, ...] += y` changes it, `z[0] = x[index,
  /// ...]` copies it, and `setElement` then gets it.
  func partInPlace(at index: [Index]) throws -> Value?
  /// The value that a part in its place stands for; nil for every other value.
  func taken() throws -> Value?
  /// Whether `setElement` takes parts in their place.
  var takesParts: Bool { get }
  /// Sets the element or part `x[index, ...]`; returns false when it can't be set.
  func setElement(at index: [Index], to value: Value) throws -> Bool
  /// Another object that can be changed without this one, for `copy`; nil when none can change it.
  func duplicate() throws -> (any ScriptObject)?
  /// A function that returns one element after the other and then nil; or nil when the value can't be iterated.
  func elements() throws -> (() throws -> Value?)?
  /// What to do instead where a loop takes an element apart that is a map; nil for what every such value is told.
  var elementHelp: String? { get }
  /// The result of an operator, or nil when it does not apply; `reflected` means that this value is the right operand.
  func binary(_ operation: Operation, _ other: Value, reflected: Bool) throws -> Value?
  /// Changes the value itself for `x += y` and the like; returns false when the variable gets the operator's result instead.
  func update(_ operation: Operation, _ other: Value) throws -> Bool
  /// The result of an operator of one operand, or nil when it does not apply.
  func unary(_ operation: UnaryOperator) throws -> Value?
  /// The larger or smaller of this value's elements and another's, which `max` and `min` give of values that are no numbers; nil where
  /// it does not apply.
  func extreme(with other: Value, isMaximum: Bool) throws -> Value?
  /// True when both values are the same as a whole; by default when they are one object.
  func isEqual(to other: any ScriptObject) -> Bool
  /// True when it can be called.
  var isCallable: Bool { get }
  /// The result of calling the value, `net(x)`, or nil when it can't be called.
  func call(_ arguments: Arguments, _ context: CallContext) throws -> Value?
  /// Hands over each list, map, function and host value that it holds by a reference of its own, as often as it holds it: what is
  /// handed over too often would be freed too early.
  func forEachHeldValue(_ body: (Value) -> Void)
}

extension ScriptObject {
  /// Does not apply.
  public func extreme(with other: Value, isMaximum: Bool) throws -> Value? { nil }
  /// Values of the host.
  public static var kinds: ValueKinds { .object }
  /// Itself.
  public static var objectType: ObjectIdentifier? { ObjectIdentifier(Self.self) }
  /// The text itself.
  public var innerText: String? { nil }
  /// No fields.
  public var fieldNames: [String] { [] }
  /// No length.
  public var length: Int? { nil }
  /// No number.
  public var number: Double? { nil }
  /// No truth.
  public var truth: Bool? { nil }
  /// As a whole.
  public var isElementwise: Bool { false }
  /// No axes.
  public var shapeText: String? { nil }
  /// A small constant.
  public var memoryCost: Int { 64 }
  /// What the budget counts.
  public var residentBytes: Int { memoryCost }
  /// No values of the script.
  public var holdsValues: Bool { false }
  /// It stands for itself.
  public var isView: Bool { false }
  /// No fields.
  public func field(_ name: String) throws -> Value? { nil }
  /// Nothing can be set.
  public func setField(_ name: String, to value: Value) throws -> Bool { false }
  /// Not indexable.
  public func element(at index: [Index]) throws -> Value? { nil }
  /// The element.
  public func part(at index: [Index]) throws -> Value? { try element(at: index) }
  /// The element.
  public func partInPlace(at index: [Index]) throws -> Value? { try element(at: index) }
  /// It stands for itself.
  public func taken() throws -> Value? { nil }
  /// Only values.
  public var takesParts: Bool { false }
  /// Nothing can be set.
  public func setElement(at index: [Index], to value: Value) throws -> Bool { false }
  /// Nothing changes it.
  public func duplicate() throws -> (any ScriptObject)? { nil }
  /// The elements by position when the value has a length, else none.
  public func elements() throws -> (() throws -> Value?)? {
    guard let count = length else { return nil }
    var position = 0
    return {
      guard position < count else { return nil }
      defer { position += 1 }
      return try self.element(at: [.position(position)])
    }
  }
  /// What every such value is told.
  public var elementHelp: String? { nil }
  /// No operators.
  public func binary(_ operation: Operation, _ other: Value, reflected: Bool) throws -> Value? { nil }
  /// Nothing is changed in place.
  public func update(_ operation: Operation, _ other: Value) throws -> Bool { false }
  /// No operators.
  public func unary(_ operation: UnaryOperator) throws -> Value? { nil }
  /// Identity.
  public func isEqual(to other: any ScriptObject) -> Bool { self === other }
  /// Not callable.
  public var isCallable: Bool { false }
  /// Not callable.
  public func call(_ arguments: Arguments, _ context: CallContext) throws -> Value? { nil }

  /// None.
  public func forEachHeldValue(_ body: (Value) -> Void) {}

  /// The object, when the value holds one of this type.
  public static func convert(_ value: Value) -> Self? {
    if case .object(let object) = value { object as? Self } else { nil }
  }
  /// The object, when the slot holds one of this type.
  public static func convert(slot: Slot) -> Self? {
    slot.tag == .object ? slot.object(ObjectBox.self).object as? Self : nil
  }
  /// The object as a value.
  public var scriptValue: Value { .object(self) }
}
