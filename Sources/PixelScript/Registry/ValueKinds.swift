/// Kinds of values, which tell what a parameter can be made of without a look at the value itself.
public struct ValueKinds: OptionSet, Sendable {
  /// A bit for each kind.
  public let rawValue: UInt16

  /// Kinds by their bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  init(_ tag: Slot.Tag) { rawValue = 1 << UInt16(tag.rawValue) }

  /// Nothing at all.
  public static let `nil` = ValueKinds(.nil)
  /// `true` and `false`.
  public static let bool = ValueKinds(.bool)
  /// Numbers.
  public static let number = ValueKinds(.number)
  /// Strings.
  public static let string = ValueKinds(.string)
  /// Ranges.
  public static let range = ValueKinds(.range)
  /// Values of the host.
  public static let object = ValueKinds(.object)
  /// Lists.
  public static let list = ValueKinds(.list)
  /// Maps.
  public static let map = ValueKinds(.map)
  /// Functions.
  public static let function = ValueKinds(.function)
  /// Every kind.
  public static let all = ValueKinds(rawValue: .max)
}

/// What a parameter accepts: the kinds of which some values fit, those of which all do, and the test of a value.
@usableFromInline struct Acceptance {
  let kinds, wholeKinds: ValueKinds
  /// The type of values of the host that all fit.
  var objectType: ObjectIdentifier?
  let test: (Slot) throws -> Bool

  /// No argument at all.
  static var nothing: Acceptance { Acceptance(kinds: [], wholeKinds: []) { _ in false } }
}
