extension Setting {
  /// Numbers of a range, so many where a count is given, that need not be given.
  public static func numbers(
    _ name: String, _ path: Path<[Double]?>, _ range: NumberRange, count: Int? = nil, _ summary: String
  ) -> Setting {
    Setting(
      name, key: nil, .numbers(range, count: count), isOptional: true, summary,
      read: { $0[keyPath: path].map { .list($0.map { .number($0) }) } },
      write: { $0[keyPath: path] = $1?.numbers })
  }

  /// A whole number or a list of them, that need not be given.
  static func counts(
    _ name: String, _ path: Path<SettingValue?>, _ range: ClosedRange<Int>, _ summary: String
  ) -> Setting {
    Setting(
      name, key: nil, .counts(range), isOptional: true, summary, read: { $0[keyPath: path] },
      write: { $0[keyPath: path] = $1 })
  }

  /// Numbers that weigh, or a text that stands for some; need not be given.
  public static func weights(_ name: String, _ path: Path<ClassWeights?>, _ summary: String) -> Setting {
    Setting(
      name, key: nil, .weights(ClassWeights.words), isOptional: true, summary,
      read: { $0[keyPath: path]?.value }, write: { $0[keyPath: path] = $1.flatMap(ClassWeights.init) })
  }

  /// Some of the cases of a type; none where nothing is given.
  public static func choices<T: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: Path<[T]>, _ summary: String
  ) -> Setting {
    Setting(
      name, key: nil, .choices(T.allCases.map(\.rawValue)), isOptional: true, summary,
      read: { $0[keyPath: path].isEmpty ? nil : .list($0[keyPath: path].map { .text($0.rawValue) }) },
      write: {
        guard case .list(let values)? = $1 else { return $0[keyPath: path] = [] }
        $0[keyPath: path] = values.compactMap { if case .text(let text) = $0 { T(rawValue: text) } else { nil } }
      })
  }
}
