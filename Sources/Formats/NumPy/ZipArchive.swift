import Safepoint

/// The files of a zip archive, stored as they are or deflated (PKWARE APPNOTE 6.3.3), of at most 4 GB.
struct ZipArchive {
  /// A file of the archive.
  struct Member {
    /// The name, with the folders that it is in.
    let name: String
    fileprivate let method, checksum, packed, size, header: Int
  }

  /// The files, in the order of the archive.
  let members: [Member]
  private let bytes: [UInt8]
  private let file: String

  private static let memberLimit = 1 << 16
  /// The most that a deflated byte can become.
  private static let growth = 1100

  /// Finds the files of an archive; throws a `FormatError` for one that is broken.
  init(_ bytes: [UInt8], file: String) throws(FormatError) {
    (self.bytes, self.file) = (bytes, file)
    guard let end = Self.end(of: bytes) else {
      throw Self.broken("it lacks the directory at its end, as one that was cut off", file)
    }
    let count = Self.number(bytes, end + 10, 2)
    var (place, members) = (Self.number(bytes, end + 16, 4), [Member]())
    for number in 1..<count + 1 {
      // Where nothing is known of a member but its number.
      func broken(_ what: String) -> FormatError {
        Self.broken("member \(number) of \(count) in its directory, at byte \(place), \(what)", file)
      }
      guard place + 46 <= bytes.count, Self.number(bytes, place, 4) == 0x0201_4B50, !Safepoint.mustStop(after: 20)
      else {
        throw broken("has no entry")
      }
      func field(_ offset: Int, _ size: Int) -> Int { Self.number(bytes, place + offset, size) }
      let length = field(28, 2)
      let next = place + 46 + length + field(30, 2) + field(32, 2)
      guard next <= bytes.count else {
        throw broken("is cut off")
      }
      guard let name = String(validating: bytes[place + 46..<place + 46 + length], as: UTF8.self) else {
        throw broken("has a name that is not UTF-8")
      }
      let member = Member(
        name: name, method: field(10, 2), checksum: field(16, 4), packed: field(20, 4), size: field(24, 4),
        header: field(42, 4))
      guard [member.packed, member.size, member.header].allSatisfy({ $0 < 0xFFFF_FFFF }) else {
        throw FormatError(.unsupported, in: file, "\"\(name)\" is one of 4 GB or more, which is not read")
      }
      members.append(member)
      place = next
    }
    self.members = members
  }

  /// The bytes of a file; throws where they are not what the directory says.
  func contents(of member: Member) throws(FormatError) -> [UInt8] {
    func broken(_ reason: String) -> FormatError { Self.broken("its member \"\(member.name)\" \(reason)", file) }
    let header = member.header
    guard header + 30 <= bytes.count, Self.number(bytes, header, 4) == 0x0403_4B50 else {
      throw broken("is not where the directory says")
    }
    let start = header + 30 + Self.number(bytes, header + 26, 2) + Self.number(bytes, header + 28, 2)
    guard start + member.packed <= bytes.count else { throw broken("ends behind the end of the file") }
    let packed = bytes[start..<start + member.packed]
    let contents: [UInt8]
    switch member.method {
    case 0: contents = Array(packed)
    case 8:
      guard member.size / Self.growth <= member.packed else {
        throw broken("states \(member.size) bytes, which its \(member.packed) deflated ones cannot become")
      }
      guard Safepoint.mayMake(member.size) else {
        throw FormatError(.limit, in: file, "\"\(member.name)\" does not fit into the budget of memory")
      }
      contents = Deflated.inflated(packed, to: member.size) ?? []
    default:
      throw FormatError(
        .unsupported, in: file,
        "its member \"\(member.name)\" is packed by the method \(member.method) of zip; those of numpy.savez and numpy.savez_compressed are read"
      )
    }
    guard contents.count == member.size else {
      throw broken("does not unpack to the \(member.size) bytes that the directory says")
    }
    guard Deflated.checksum(contents) == member.checksum else {
      throw broken("has other bytes than those that its checksum is of")
    }
    return contents
  }

  private static func broken(_ reason: String, _ file: String) -> FormatError {
    FormatError(.malformed, in: file, "is a damaged zip archive: \(reason); copy or download it again")
  }

  /// Where the record at the end of an archive is, behind which stands no more than a comment.
  private static func end(of bytes: [UInt8]) -> Int? {
    guard bytes.count >= 22 else { return nil }
    let last = bytes.count - 22
    return stride(from: last, through: max(0, last - 0xFFFF), by: -1).first { number(bytes, $0, 4) == 0x0605_4B50 }
  }

  private static func number(_ bytes: [UInt8], _ place: Int, _ size: Int) -> Int {
    (0..<size).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
  }
}
