/// Puts the values of leaves, which are stored without nulls and without lists, back where they belong.
struct RowAssembly {
  /// What was read of a leaf.
  typealias Leaf = (levels: ParquetLevels, values: ParquetValues.Content)

  /// What was read of each leaf, by its number in the schema.
  let leaves: [Int: Leaf]

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
    let presence =
      levels.isWhole || column.definition == context.definition ? nil : presence(levels, column.definition, context)
    let absences = presence.map { $0.contains(false) ? $0 : [] } ?? []
    func slots() -> Int { presence?.count ?? slotCount(levels, context) }
    switch column.type {
    case .structure(let parts):
      let slots = slots()
      var content: [(name: String, values: ParquetValues)] = []
      for part in parts {
        let values = try self.values(of: part, in: context)
        guard values.count == slots else {
          throw ParquetFault(.malformed, "\"\(part.name)\" has \(values.count) values; expected \(slots)")
        }
        content.append((part.name, values.marked(isSparse: part.mayBeAbsent)))
      }
      return ParquetValues(count: slots, content: .structures(content), presence: absences)
    case .list(let element):
      let inner = Context(lists: context.lists + 1, definition: column.definition + 1)
      let ends = ends(levels, context, inner)
      let elements = try self.values(of: element, in: inner)
      guard presence.map({ $0.count == ends.count }) ?? true, ends.last ?? 0 == elements.count else {
        throw ParquetFault(.malformed, "the lists of \"\(column.name)\" do not fit its elements")
      }
      return ParquetValues(
        count: ends.count, content: .lists(ends: ends, elements: elements), presence: absences, isMap: column.isMap)
    default:
      let content = absences.isEmpty ? values : spread(values, absences)
      return ParquetValues(
        count: levels.isWhole ? levels.count : slots(), content: content, presence: absences, isJSON: column.isJSON)
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

  /// How many entries begin a value inside `context`: neither go on with one nor stand for a list without elements.
  private func slotCount(_ levels: ParquetLevels, _ context: Context) -> Int {
    if levels.repetitions.isEmpty { return levels.count }
    let lists = UInt8(context.lists)
    if levels.isWhole { return levels.repetitions.count { $0 <= lists } }
    return zip(levels.repetitions, levels.definitions).count { $0 <= lists && $1 >= context.definition }
  }

  /// Where each list of `outer` ends among the elements of `inner`.
  private func ends(_ levels: ParquetLevels, _ outer: Context, _ inner: Context) -> [Int] {
    if levels.isWhole { return levels.ends[outer.lists] }
    var ends: [Int] = []
    var elements = 0
    for (repetition, definition) in zip(levels.repetitions, levels.definitions) {
      if repetition <= outer.lists, definition >= outer.definition { ends.append(elements) }
      if repetition <= inner.lists, definition >= inner.definition { elements += 1 }
    }
    return ends.isEmpty ? [] : ends.dropFirst() + [elements]
  }

  private func spread(_ content: ParquetValues.Content, _ presence: [Bool]) -> ParquetValues.Content {
    switch content {
    case .booleans(let values): .booleans(spread(values, presence))
    case .integers(let values): .integers(spread(values, presence))
    case .digits(let values): .digits(spread(values, presence))
    case .smallIntegers(let values): .smallIntegers(spread(values, presence))
    case .floats(let values): .floats(spread(values, presence))
    case .doubles(let values): .doubles(spread(values, presence))
    case .texts(let values): .texts(spread(values, presence))
    case .bytes(let values): .bytes(ParquetBytes(buffers: values.buffers, pieces: spread(values.pieces, presence)))
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
