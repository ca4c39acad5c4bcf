import Formats
import PixelBytes
import PixelScript
import Safepoint

/// What seals of large values were, so that they are worked out once, and numbers for what is kept beside them.
final class SealMemory {
  /// The seal is nil where a row can't be read.
  private var seals: [ObjectIdentifier: (object: DataSetObject, isBuilt: Bool, seal: String?)] = [:]
  private var numbers = 0

  /// The next number.
  var next: Int {
    numbers += 1
    return numbers
  }

  /// The files of a model, without the card, which says nothing else.
  func files(of model: SequenceModel) throws -> [(name: String, bytes: [UInt8])] {
    try Checkpoint.files(of: model, in: "").filter { Checkpoint.files.contains($0.name) }
  }

  /// The digest of the rows of a data set, worked out once; throws `Unsealable` where one can't be read.
  func seal(of data: DataSetObject) throws -> String {
    var seal: String?
    if let known = seals[ObjectIdentifier(data)], known.isBuilt == data.data.isBuilt {
      seal = known.seal
    } else {
      do { seal = try Self.contents(of: data.data) } catch is DataError {}
      seals[ObjectIdentifier(data)] = (data, data.data.isBuilt, seal)
    }
    guard let seal else { throw Unsealable(what: "a data set of which a row can't be read") }
    return seal
  }

  /// Forgets what no variable holds.
  func keep(only values: [Value]) {
    let held = Set(
      values.compactMap { if case .object(let object as DataSetObject) = $0 { ObjectIdentifier(object) } else { nil } })
    seals = seals.filter { held.contains($0.key) }
  }

  private static func ordered(_ json: JSON) -> JSON {
    switch json {
    case .array(let elements): .array(elements.map(ordered))
    case .object(let fields):
      .object(fields.sorted { $0.name < $1.name }.map { JSON.Field($0.name, ordered($0.value)) })
    default: json
    }
  }

  /// The digest of all that a script sees of a data set.
  static func contents(of data: DataSet) throws -> String {
    let hash = SHA256()
    var texts: [UInt8] = []
    func add(_ text: String) { texts += Array("\(text.utf8.count):\(text)".utf8) }
    /// Maps in the order of their names, as equal ones may have any.
    func add(_ value: DataValue) {
      if let json = value.json { return add("plain " + ordered(json).text(writesEndless: true)) }
      switch value {
      case .plain: break
      case .picture(let file):
        add("picture \(file.name) \(file.bytes.count)" + (file.keepsDamaged ? " keep" : ""))
        texts += file.bytes
      case .list(let values):
        add("list \(values.count)")
        values.forEach(add)
      case .map(let parts):
        add("map \(parts.count)")
        for part in parts.sorted(by: { $0.name < $1.name }) {
          add(part.name)
          add(part.value)
        }
      }
    }
    add(data.name ?? "")
    add("\(data.count) \(data.columns.count) \(data.isBuilt)")
    data.columns.forEach(add)
    add(data.vocabulary.map { $0.encoded() } ?? "")
    for place in 0..<data.count {
      try Safepoint.check(after: 5000)
      let row = try data[place]
      add(row.hasCaption ? row.caption : "none \(row.caption)")
      for image in [row.image, data.isBuilt ? row.indexed?.raster : nil] {
        add(image.map { "\($0.width) \($0.height)" } ?? "none")
        texts += image?.rgba ?? []
      }
      add(row.patches.map { "\($0.shape) \($0.ids.count)" } ?? "none")
      texts += row.patches?.ids ?? []
      for trait in row.traits {
        add(trait.name)
        add(trait.text)
      }
      for column in row.extra {
        add(column.name)
        add(column.value)
      }
      add("\(row.traits.count)")
      if texts.count > 1 << 16 {
        hash.update(texts)
        texts.removeAll(keepingCapacity: true)
      }
    }
    hash.update(texts)
    return hash.finish()
  }
}
