import Formats
import PixelBytes
import PixelScript
import Safepoint
import Tensors

/// Reads what `ValueWriter` kept; what is anything else throws.
final class ValueReader {
  /// Why bytes are not what was kept.
  struct Fault: Error {}

  private let bytes: [UInt8]
  private let folder: String
  private let layers: LayerSession
  private var place = 0
  private var made: [ValueWriter.Place: Value] = [:]
  private var variable = ""
  private var count = 0

  init(_ bytes: [UInt8], folder: String, _ layers: LayerSession) {
    (self.bytes, self.folder, self.layers) = (bytes, folder, layers)
  }

  /// The value of the next variable.
  func read(_ name: String) throws -> Value {
    (variable, count) = (name, 0)
    return try value(depth: 0)
  }

  /// Whether nothing is left.
  var isAtEnd: Bool { place == bytes.count }

  // MARK: Parts

  private func mark() throws -> ValueWriter.Mark {
    guard place < bytes.count, let mark = ValueWriter.Mark(rawValue: bytes[place]) else { throw Fault() }
    place += 1
    return mark
  }

  private func flag() throws -> Bool {
    switch try mark() {
    case .yes: true
    case .no: false
    default: throw Fault()
    }
  }

  private func bits(_ size: Int) throws -> UInt64 {
    guard bytes.count - place >= size else { throw Fault() }
    defer { place += size }
    return (0..<size).reduce(0) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
  }

  private func number() throws -> Double { Double(bitPattern: try bits(8)) }

  /// A count of things of at least so many bytes each.
  private func size(of bytesEach: Int) throws -> Int {
    let number = Int(truncatingIfNeeded: try bits(8))
    guard number >= 0, number <= (bytes.count - place) / max(bytesEach, 1) else { throw Fault() }
    return number
  }

  private func part() throws -> [UInt8] {
    let size = try size(of: 1)
    defer { place += size }
    return Array(bytes[place..<place + size])
  }

  private func text() throws -> String {
    guard let text = String(validating: try part(), as: UTF8.self) else { throw Fault() }
    return text
  }

  private func note(_ value: Value) {
    made[ValueWriter.Place(variable: variable, number: count)] = value
    count += 1
  }

  private func value(depth: Int) throws -> Value {
    guard depth < 256 else { throw Fault() }
    try Safepoint.check(after: 100)
    switch try mark() {
    case .none: return .nil
    case .no: return .bool(false)
    case .yes: return .bool(true)
    case .number: return .number(try number())
    case .string: return .string(try text())
    case .range:
      let (start, stop, step) = (try number(), try number(), try number())
      return .range(try ScriptRange(start: start, stop: stop, step: step))
    case .list:
      let list = ScriptList()
      note(.list(list))
      for _ in 0..<(try size(of: 1)) { list.append(try value(depth: depth + 1)) }
      return .list(list)
    case .map:
      let map = ScriptMap()
      note(.map(map))
      let count = try size(of: 2)
      if try flag() { map.missing = try value(depth: depth + 1) }
      for _ in 0..<count {
        let key = try value(depth: depth + 1)
        guard map.set(try value(depth: depth + 1), for: key) else { throw Fault() }
      }
      return .map(map)
    case .set:
      let set = ScriptSet()
      note(.object(set))
      for _ in 0..<(try size(of: 1)) {
        guard set.insert(try value(depth: depth + 1)) else { throw Fault() }
      }
      return .object(set)
    case .reference:
      let name = try text()
      guard let value = made[ValueWriter.Place(variable: name, number: Int(truncatingIfNeeded: try bits(8)))] else {
        throw Fault()
      }
      return value
    case .image: return .object(ImageObject(try image()))
    case .plot: return .object(PlotObject(try PropertyList.value(Chart.self, of: try part())))
    case .data: return .object(DataSetObject(try data()))
    case .tensor: return try noted { .object(TensorObject(try tensor())) }
    case .table: return try noted { .object(try table(depth: depth)) }
    case .column: return try noted { .object(ColumnObject(try column(depth: depth))) }
    case .model:
      return try noted { .object(ModelObject(try Checkpoint.load(folder + "/" + self.name()), layers)) }
    case .function: throw Fault()
    }
  }

  /// Something that others may refer to, which gets its number before what is in it.
  private func noted(_ make: () throws -> Value) throws -> Value {
    let place = ValueWriter.Place(variable: variable, number: count)
    count += 1
    let value = try make()
    made[place] = value
    return value
  }

  /// The name of a folder beside the values.
  private func name() throws -> String {
    let name = try text()
    guard Int(name) != nil else { throw Fault() }
    return name
  }

  private func image() throws -> RasterImage {
    let (width, height) = (Int(truncatingIfNeeded: try bits(8)), Int(truncatingIfNeeded: try bits(8)))
    let rgba = try part()
    guard width > 0, height > 0, width <= rgba.count, rgba.count == Size.product([4, width, height]) else {
      throw Fault()
    }
    return RasterImage(width: width, height: height, rgba: rgba)
  }

  private func data() throws -> DataSet {
    let place = try name()
    let name = try text()
    return try DataFolder.reopened(folder + "/" + place, name: try flag() ? name : nil)
  }

  private func tensor() throws -> Tensor {
    let types = ElementType.allCases
    let type = Int(truncatingIfNeeded: try bits(8))
    guard types.indices.contains(type) else { throw Fault() }
    var shape: Shape = []
    for _ in 0..<(try size(of: 8)) { shape.append(Int(truncatingIfNeeded: try bits(8))) }
    guard shape.allSatisfy({ $0 >= 0 }) else { throw Fault() }
    let (elements, isRounded) = (Size.product(shape), try flag())
    guard elements <= (bytes.count - place) / (isRounded ? 8 : 4) else { throw Fault() }
    if isRounded {
      return Tensor(exactly: try (0..<elements).map { _ in try number() }, shape, elementType: types[type])
    }
    let values = try (0..<elements).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: try bits(4))) }
    return Tensor(values, shape, elementType: types[type])
  }

  private func table(depth: Int) throws -> TableObject {
    let isRecord = try flag()
    guard let look = Table.Look(rawValue: Int(truncatingIfNeeded: try bits(8))) else { throw Fault() }
    let runs = try value(depth: depth + 1)
    let keys = try value(depth: depth + 1)
    var remarks: [(name: String, value: Value)] = []
    for _ in 0..<(try size(of: 9)) {
      let name = try text()
      remarks.append((name, try value(depth: depth + 1)))
    }
    let count = Int(truncatingIfNeeded: try bits(8))
    var columns: [(String, Column)] = []
    for _ in 0..<(try size(of: 16)) {
      let name = try text()
      let column = try column(depth: depth)
      guard column.count == count else { throw Fault() }
      columns.append((name, column))
    }
    guard !isRecord || count == 1 else { throw Fault() }
    var table = Table(columns, count: count)
    table.look = look
    if !keys.isNil {
      guard let names = try [[String]].convert(keys), names.count == 2 else { throw Fault() }
      table.keys = Table.Keys(rows: names[0], columns: names[1])
    }
    if !runs.isNil {
      guard let rows = try RunRows(runs) else { throw Fault() }
      table.runs = rows
    }
    return TableObject(table, isRecord: isRecord, remarks: remarks)
  }

  private func column(depth: Int) throws -> Column {
    switch try bits(8) {
    case 0: return .numbers(try (0..<(try size(of: 8))).map { _ in try number() })
    case 1:
      let count = try size(of: 9)
      var texts = PackedTexts(capacity: count)
      for _ in 0..<count {
        let isThere = try flag()
        let text = try text()
        texts.append(isThere ? text : nil)
      }
      return .texts(texts)
    case 2: return .bools(try part())
    case 3: return .values(try (0..<(try size(of: 1))).map { _ in try value(depth: depth + 1) })
    default: throw Fault()
    }
  }
}
