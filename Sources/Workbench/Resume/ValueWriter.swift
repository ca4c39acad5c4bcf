import Formats
import Foundation
import PixelBytes
import PixelScript
import Safepoint
import Tensors

/// Why the contents of a value can't be told: it holds more than can be written down.
struct Unsealable: Error {
  /// What is in the way, such as "a layer".
  let what: String
}

/// Variables as bytes: equal bytes are values that a script can't tell apart, also in what they share.
///
/// Lists, maps and host values are written where they are met first; after that a reference stands for them. So two variables that
/// hold one list differ from two with equal lists.
final class ValueWriter {
  /// What the bytes are for.
  enum Purpose {
    /// To be compared: functions are told by their place, data sets and models by their contents.
    case seal
    /// To be read again; models and data sets go into folders below this one.
    case keep(folder: String)
  }

  /// Where something stands that several may hold: the variable and how many such things come before it there.
  struct Place: Hashable {
    let variable: String
    let number: Int
  }

  /// What stands before a value and says what it is.
  enum Mark: UInt8 {
    case none, no, yes, number, string, list, map, range, function, reference, tensor, table, column, image, model,
      data, plot, set
  }

  /// The bytes of a sealed value that are in memory at once, and the most of a kept one.
  private static let pieceSize = 1 << 20, keptLimit = 1 << 29
  private static let depthLimit = 200

  private(set) var bytes: [UInt8] = []
  /// The variables that hold something in common.
  private(set) var shares: [(String, String)] = []
  private let purpose: Purpose
  private let memory: SealMemory
  /// Tells where a function stands whose name and variables are those of the session; nil for another.
  private let function: (ScriptFunction) -> String?
  private var places: [ObjectIdentifier: Place] = [:]
  /// Keeps what was met, so that nothing else gets its identity.
  private var met: [AnyObject] = []
  private var variable = ""
  private var count = 0
  private var digest = ""
  /// Whether a function was met in the last variable.
  private(set) var hasFunctions = false

  init(_ purpose: Purpose, _ memory: SealMemory, function: @escaping (ScriptFunction) -> String?) {
    (self.purpose, self.memory, self.function) = (purpose, memory, function)
  }

  /// Writes a variable; in a seal its digest comes back.
  func write(_ name: String, _ value: Value) throws -> String {
    (variable, count, hasFunctions) = (name, 0, false)
    if case .seal = purpose { (bytes, digest) = ([], "") }
    do { try write(value, depth: 0) } catch {
      // What stands behind this must be told of itself, not of what could not be told.
      places = places.filter { $0.value.variable != name }
      throw error
    }
    guard case .seal = purpose else { return "" }
    return SHA256.digest(of: Array(digest.utf8) + bytes)
  }

  /// Writes a variable if it can be told, else nothing; returns what is in the way.
  func writeIfPossible(_ name: String, _ value: Value) throws -> String? {
    let start = bytes.count
    do { _ = try write(name, value) } catch let error as Unsealable {
      bytes.removeLast(bytes.count - start)
      return error.what
    }
    return nil
  }

  // MARK: Parts

  private func add(_ mark: Mark) { bytes.append(mark.rawValue) }

  private func add(_ number: Int) { add(UInt64(bitPattern: Int64(number))) }

  private func add(_ number: Double) { add(number.bitPattern) }

  private func add(_ number: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift))) }
  }

  private func add(_ text: String) throws { try add(Array(text.utf8)) }

  private func add(_ more: [UInt8]) throws {
    add(more.count)
    bytes += more
    try endPart()
  }

  /// Looks at the clock, and gives up what is large.
  private func endPart() throws {
    try Safepoint.check(after: 100)
    switch purpose {
    case .seal where bytes.count > Self.pieceSize:
      digest = SHA256.digest(of: Array(digest.utf8) + bytes)
      bytes.removeAll(keepingCapacity: true)
    case .keep where bytes.count > Self.keptLimit: throw Unsealable(what: "more than \(Display.bytes(Self.keptLimit))")
    default: break
    }
  }

  /// Writes a reference to something that was met before; else notes it.
  private func isMet(_ object: AnyObject) throws -> Bool {
    if let place = places[ObjectIdentifier(object)] {
      if place.variable != variable { shares.append((place.variable, variable)) }
      add(.reference)
      try add(place.variable)
      add(place.number)
      return true
    }
    places[ObjectIdentifier(object)] = Place(variable: variable, number: count)
    met.append(object)
    count += 1
    return false
  }

  private func write(_ value: Value, depth: Int) throws {
    guard depth < Self.depthLimit else { throw Unsealable(what: "values in values in values") }
    try endPart()
    switch value {
    case .nil: add(.none)
    case .bool(let truth): add(truth ? .yes : .no)
    case .number(let number):
      add(.number)
      add(number)
    case .string(let text):
      add(.string)
      try add(text)
    case .range(let range):
      add(.range)
      for number in [range.start, range.stop, range.step] { add(number) }
    case .list(let list):
      guard try !isMet(list) else { return }
      add(.list)
      add(list.count)
      for place in 0..<list.count { try write(list[place], depth: depth + 1) }
    case .map(let map):
      guard try !isMet(map) else { return }
      add(.map)
      add(map.count)
      add(map.missing == nil ? .no : .yes)
      if let missing = map.missing { try write(missing, depth: depth + 1) }
      for (key, value) in map.entries {
        try write(key, depth: depth + 1)
        try write(value, depth: depth + 1)
      }
    case .function(let function):
      guard case .seal = purpose, let place = self.function(function) else { throw Unsealable(what: "a function") }
      hasFunctions = true
      add(.function)
      try add(place)
    case .object(let object): try write(object, depth: depth)
    }
  }

  private func write(_ object: any ScriptObject, depth: Int) throws {
    switch object {
    case let set as ScriptSet:
      guard try !isMet(set) else { return }
      add(.set)
      add(set.listCount)
      for value in set.values { try write(value, depth: depth + 1) }
    case let tensor as TensorObject:
      guard tensor.parameter == nil, tensor.literal == nil, !tensor.tensor.isRecorded else {
        throw Unsealable(what: tensor.parameter == nil ? "a tensor that is recorded" : "a parameter")
      }
      guard try !isMet(tensor) else { return }
      add(.tensor)
      try write(tensor.tensor)
    case let table as TableObject:
      guard try !isMet(table) else { return }
      add(.table)
      try write(table, depth: depth)
    case let column as ColumnObject:
      guard try !isMet(column) else { return }
      add(.column)
      try write(column.column, depth: depth)
    case let image as ImageObject:
      add(.image)
      try write(image.image)
    case let plot as PlotObject:
      add(.plot)
      try add(try PropertyList.bytes(of: plot.chart))
    case let model as ModelObject:
      guard try !isMet(model) else { return }
      add(.model)
      try write(model.model)
    case let data as DataSetObject:
      add(.data)
      try write(data)
    default: throw Unsealable(what: withArticle(type(of: object).scriptName))
    }
  }

  private func write(_ tensor: Tensor) throws {
    add(ElementType.allCases.firstIndex(of: tensor.elementType) ?? 0)
    add(tensor.shape.count)
    for size in tensor.shape { add(size) }
    // Whole numbers beyond those of a float take eight bytes each.
    add(tensor.isRounded ? .yes : .no)
    if tensor.isRounded {
      for number in tensor.numbers {
        add(number)
        try endPart()
      }
    } else {
      for number in tensor.values {
        let bits = number.bitPattern
        for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(shift))) }
        if bytes.count > Self.pieceSize { try endPart() }
      }
    }
  }

  private func write(_ image: RasterImage) throws {
    add(image.width)
    add(image.height)
    try add(image.rgba)
  }

  private func write(_ table: TableObject, depth: Int) throws {
    add(table.isRecord ? .yes : .no)
    add(table.table.look.rawValue)
    try write(table.table.runs?.value ?? .nil, depth: depth + 1)
    let keys = table.table.keys.map { Value.list([$0.rows.scriptValue, $0.columns.scriptValue]) }
    try write(keys ?? .nil, depth: depth + 1)
    add(table.remarks.count)
    for (name, value) in table.remarks {
      try add(name)
      try write(value, depth: depth + 1)
    }
    add(table.table.count)
    add(table.table.names.count)
    for (name, column) in zip(table.table.names, table.table.columns) {
      try add(name)
      try write(column, depth: depth)
    }
  }

  private func write(_ column: Column, depth: Int) throws {
    switch column {
    case .numbers(let numbers):
      add(0)
      add(numbers.count)
      for number in numbers {
        add(number)
        if bytes.count > Self.pieceSize { try endPart() }
      }
    case .texts(let texts):
      add(1)
      add(texts.count)
      for place in 0..<texts.count {
        add(texts.isMissing(at: place) ? .no : .yes)
        try add(texts[place] ?? "")
      }
    case .bools(let bools):
      add(2)
      try add(bools)
    case .values(let values):
      add(3)
      add(values.count)
      for value in values { try write(value, depth: depth + 1) }
    }
  }

  private func write(_ model: SequenceModel) throws {
    guard model.parameters.allSatisfy({ $0.gradient == nil }) else { throw Unsealable(what: "a model with gradients") }
    guard case .keep(let folder) = purpose else {
      for file in try memory.files(of: model) {
        try add(file.name)
        try add(file.bytes)
      }
      return
    }
    let name = "\(memory.next)"
    try Checkpoint.save(model, to: folder + "/" + name)
    let read = try memory.files(of: Checkpoint.load(folder + "/" + name))
    guard try memory.files(of: model).elementsEqual(read, by: { $0 == $1 }) else {
      throw Unsealable(what: "a model that is not read as it was written")
    }
    try add(name)
  }

  private func write(_ data: DataSetObject) throws {
    guard case .keep(let folder) = purpose else { return try add(try memory.seal(of: data)) }
    let name = "\(memory.next)"
    try DataFolder.write(data.data, to: folder + "/" + name, building: nil)
    let read = try DataFolder.reopened(folder + "/" + name, name: data.data.name)
    guard try SealMemory.contents(of: read) == memory.seal(of: data) else {
      throw Unsealable(what: "a data set that is not read as it was written")
    }
    try add(name)
    try add(data.data.name ?? "")
    add(data.data.name == nil ? .no : .yes)
  }
}
