/// Writes a safetensors file whose arrays grow piece by piece, all at once; none of them is in memory as a whole.
///
/// The first array goes straight into the file, behind room for the header, which is written in the end; the others wait in
/// files without a name. The file gets its name in `finish()`: dropped before, or after an error, it leaves nothing behind.
public final class SafetensorsWriter {
  /// An array that grows along its first axis.
  public struct Column: Sendable {
    let name: String
    let type: SafetensorsElement
    let inner: [Int]

    /// An array of elements of `type`; `inner` are the sizes of all axes but the first.
    public init(_ name: String, _ type: SafetensorsElement, inner: [Int] = []) {
      precondition(inner.allSatisfy { $0 > 0 } && name != "__metadata__", "an array \"\(name)\" of \(inner)")
      (self.name, self.type, self.inner) = (name, type, inner)
    }

    /// The bytes of one step along the first axis.
    var stride: Int { inner.product * type.width }
  }

  /// The bytes of an array that are collected before they are written.
  private static let bufferSize = 1 << 20

  private let columns: [Column]
  private let metadata: [String: String]
  private let file: PendingFile
  private let headerSize: Int
  private let others: [TemporaryFile]
  private var buffers: [[UInt8]]
  private var counts: [Int]

  /// Starts a file of these arrays, which may not share a name, that will replace what is at `path`.
  ///
  /// Throws a `FormatError` when the folder cannot be written to.
  public init(to path: String, _ columns: [Column], metadata: [String: String] = [:]) throws(FormatError) {
    precondition(!columns.isEmpty && Set(columns.map(\.name)).count == columns.count, "arrays with the same name")
    (self.columns, self.metadata) = (columns, metadata)
    counts = Array(repeating: 0, count: columns.count)
    buffers = Array(repeating: [], count: columns.count)
    // No array of these sizes can be stored, so their header is longer than any that will be needed.
    let largest = columns.map { ($0.name, $0.type, [Int.max / columns.count / $0.stride] + $0.inner) }
    headerSize = SafetensorsHeader.encoded(metadata, largest).count
    file = try PendingFile(for: path)
    var others: [TemporaryFile] = []
    for _ in columns.dropFirst() { others.append(try TemporaryFile(beside: path)) }
    self.others = others
    try file.write([UInt8](repeating: 0, count: headerSize))
  }

  /// Adds elements, given as their bytes, lowest first, at the end of the array called `name`.
  ///
  /// A name that no array has is a programmer's mistake. Throws a `FormatError` when the disk is full; the file is gone then.
  public func append(_ bytes: some Collection<UInt8>, to name: String) throws(FormatError) {
    guard let place = columns.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("no array \"\(name)\"")
    }
    buffers[place].append(contentsOf: bytes)
    if buffers[place].count >= Self.bufferSize { try flush(place) }
  }

  /// Adds whole numbers at the end of the array of type I64 called `name`; throws as above.
  public func append(int64s: some Collection<Int64>, to name: String) throws(FormatError) {
    precondition(columns.first { $0.name == name }?.type == .i64, "\"\(name)\" is no array of I64")
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 * int64s.count)
    for number in int64s { bytes.appendLittleEndian(UInt64(bitPattern: number)) }
    try append(bytes, to: name)
  }

  /// Puts the arrays one behind the other, writes the header, and gives the file its name; nothing can be added then.
  ///
  /// An array that ends inside a step of its first axis is a programmer's mistake.
  public func finish() throws(FormatError) {
    for place in columns.indices { try flush(place) }
    for (other, count) in zip(others, counts.dropFirst()) {
      for start in stride(from: 0, to: count, by: Self.bufferSize) {
        try file.write(
          try keeping { () throws(FormatError) in try other.read(min(Self.bufferSize, count - start), at: start) })
      }
    }
    let arrays = zip(columns, counts).map { column, count in
      precondition(count % column.stride == 0, "array \"\(column.name)\" ends inside an element")
      return (column.name, column.type, [count / column.stride] + column.inner)
    }
    let header = SafetensorsHeader.encoded(metadata, arrays, size: headerSize)
    try file.replace(at: 0, with: header)
    try file.finish()
  }

  private func flush(_ place: Int) throws(FormatError) {
    let bytes = buffers[place]
    if bytes.isEmpty { return }
    if place == 0 {
      try file.write(bytes)
    } else {
      try keeping { () throws(FormatError) in try others[place - 1].write(bytes) }
    }
    counts[place] += bytes.count
    buffers[place].removeAll(keepingCapacity: true)
  }

  /// When another file fails, the one that counts is gone.
  private func keeping<Result>(_ body: () throws(FormatError) -> Result) throws(FormatError) -> Result {
    do throws(FormatError) { return try body() } catch {
      file.discard()
      throw FormatError(error.kind, in: file.path, error.message)
    }
  }
}
