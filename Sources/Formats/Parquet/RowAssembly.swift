/// Puts the values of leaves, which are stored without nulls and without lists, back where they belong.
struct RowAssembly {
  /// What was read of each leaf, by its number in the schema.
  let leaves: [Int: (levels: ParquetLevels, values: ParquetValues.Content)]

  /// What a column lies in: how many lists, and the definition level at which the innermost has an element.
  struct Context {
    var lists = 0
    var definition = 0
  }

  /// Returns the values of a column, or of a part of it inside the lists of `context`.
  func values(of column: ParquetColumn, in context: Context = Context()) throws(ParquetFault) -> ParquetValues {
    guard let (levels, values) = leaves[column.leaves.lowerBound] else {
      throw ParquetFault(.malformed, "column \"\(column.name)\" has no values")
    }
    let presence = column.definition > context.definition ? presence(levels, column.definition, context) : nil
    let isWhole = presence.map { !$0.contains(false) } ?? true
    let slots = presence?.count ?? slotCount(levels, context)
    switch column.type {
    case .structure(let parts):
      var content: [(name: String, values: ParquetValues)] = []
      for part in parts {
        let values = try self.values(of: part, in: context)
        guard values.count == slots else {
          throw ParquetFault(.malformed, "\"\(part.name)\" has \(values.count) values; expected \(slots)")
        }
        content.append((part.name, values))
      }
      return ParquetValues(count: slots, content: .structures(content), presence: isWhole ? [] : presence ?? [])
    case .list(let element):
      let inner = Context(lists: context.lists + 1, definition: column.definition + 1)
      let ends = ends(levels, context, inner)
      let elements = try self.values(of: element, in: inner)
      guard ends.count == slots, ends.last ?? 0 == elements.count else {
        throw ParquetFault(.malformed, "the lists of \"\(column.name)\" do not fit its elements")
      }
      return ParquetValues(
        count: slots, content: .lists(ends: ends, elements: elements), presence: isWhole ? [] : presence ?? [])
    default:
      if isWhole { return ParquetValues(count: slots, content: values, presence: []) }
      return ParquetValues(
        count: slots, content: spread(values, presence ?? []), presence: presence ?? [])
    }
  }

  /// For each place of a value in `context`, whether one is there.
  private func presence(_ levels: ParquetLevels, _ definition: Int, _ context: Context) -> [Bool] {
    if context.lists == 0, levels.repetitions.isEmpty { return levels.definitions.map { Int($0) >= definition } }
    var presence: [Bool] = []
    presence.reserveCapacity(levels.count)
    for (repetition, found) in zip(levels.repetitions, levels.definitions)
    where repetition <= context.lists && found >= context.definition { presence.append(found >= definition) }
    return presence
  }

  private func slotCount(_ levels: ParquetLevels, _ context: Context) -> Int {
    if levels.repetitions.isEmpty { return levels.count }
    return (0..<levels.count).count { isSlot(levels, $0, context) }
  }

  /// Whether an entry begins a value inside `context`: neither goes on with one nor stands for a list without elements.
  @inline(__always)
  private func isSlot(_ levels: ParquetLevels, _ index: Int, _ context: Context) -> Bool {
    (levels.repetitions.isEmpty || Int(levels.repetitions[index]) <= context.lists)
      && (levels.definitions.isEmpty || Int(levels.definitions[index]) >= context.definition)
  }

  /// Where each list of `outer` ends among the elements of `inner`.
  private func ends(_ levels: ParquetLevels, _ outer: Context, _ inner: Context) -> [Int] {
    // A list ends where the next begins.
    var ends: [Int] = []
    var elements = 0
    var hasBegun = false
    for (repetition, definition) in zip(levels.repetitions, levels.definitions) {
      if repetition <= outer.lists, definition >= outer.definition {
        if hasBegun { ends.append(elements) }
        hasBegun = true
      }
      if repetition <= inner.lists, definition >= inner.definition { elements += 1 }
    }
    return hasBegun ? ends + [elements] : []
  }

  private func spread(_ content: ParquetValues.Content, _ presence: [Bool]) -> ParquetValues.Content {
    switch content {
    case .booleans(let values): .booleans(spread(values, presence))
    case .integers(let values): .integers(spread(values, presence))
    case .floats(let values): .floats(spread(values, presence))
    case .doubles(let values): .doubles(spread(values, presence))
    case .texts(let values): .texts(spread(values, presence))
    case .bytes(let values): .bytes(ParquetBytes(storage: values.storage, pieces: spread(values.pieces, presence)))
    case .lists, .structures: content
    }
  }

  private func spread<Element: ParquetElement>(_ values: [Element], _ presence: [Bool]) -> [Element] {
    var next = 0
    return presence.map { isPresent in
      guard isPresent else { return .empty }
      next += 1
      return values[next - 1]
    }
  }
}
