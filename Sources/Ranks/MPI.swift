import CMPI
import Glibc
import Safepoint

/// The ranks that `mpirun` started, joined by Open MPI, the only file that calls it.
///
/// The library is opened by a program that runs under `mpirun` rather than linked: no other needs it. Nobody is waited for within the
/// library, because whoever waits must notice an interrupt and the failure of another: it is asked again and again.
@safe public final class MPI: Communicator, @unchecked Sendable {  // One thread calls it.
  /// Why the ranks cannot be joined.
  public struct LibraryError: Error, CustomStringConvertible {
    /// What was expected and what was found.
    public let description: String
    /// What to do.
    public let help: String
  }

  /// The number of this process.
  public let rank: Int
  /// The number of processes.
  public let count: Int
  private let library: OpaquePointer
  /// What is on its way to another rank or from it; it grows as needed, and stays where a message never comes through.
  private var room = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var isUnderWay = false
  private var failure: RankFailure?
  private var ended: [Int: Ending] = [:]

  private static let (data, note): (Int32, Int32) = (1, 2)
  private static let longestPiece = 1 << 28
  private static let longestNote = 1000

  /// How a rank ended.
  public struct Ending: Sendable {
    /// Its exit status.
    public let status: Int32
    /// What it would have said, were it the one that tells.
    public let text: String
  }

  /// Opens the library and joins the ranks of a launch.
  public init(_ launch: Launch) throws(LibraryError) {
    var reason: UnsafePointer<CChar>?
    guard let library = unsafe pb_mpi_open(&reason) else {
      let text = if let reason = unsafe reason { unsafe String(cString: reason) } else { "unknown reason" }
      throw LibraryError(
        description: "Open MPI, which joins the \(launch.count) ranks of this run, can't be opened: \(text)",
        help: "install it on every machine, in Debian and Ubuntu with `apt-get install openmpi-bin`, or start the "
          + "program without mpirun")
    }
    unsafe self.library = library
    unsafe (rank, count) = (Int(pb_mpi_rank(library)), Int(pb_mpi_size(library)))
    guard (rank, count) == (launch.rank, launch.count) else {
      throw LibraryError(
        description: "the program was started as rank \(launch.rank) of \(launch.count), and Open MPI finds rank "
          + "\(rank) of \(count): another MPI has started it",
        help: "start it with the `mpirun` of Open MPI, which is `mpirun.openmpi` in Debian and Ubuntu")
    }
  }

  /// Hands a message to another rank, and returns once it is on its way.
  public func send<Element: BitwiseCopyable & Sendable>(_ elements: [Element], to rank: Int) throws {
    try throwFailure()
    let size = elements.count * MemoryLayout<Element>.stride
    reserve(size)
    unsafe elements.withUnsafeBytes { unsafe room.copyMemory(from: $0) }
    for start in stride(from: 0, to: size, by: Self.longestPiece) {
      let piece = CInt(min(Self.longestPiece, size - start))
      isUnderWay = true
      let error = unsafe pb_mpi_begin_to_send(library, room.baseAddress! + start, piece, CInt(rank), Self.data)
      guard error == 0 else { throw RankFailure(rank: rank, reason: "a message could not be sent", status: 1) }
      try wait(for: rank) { unsafe pb_mpi_is_done(library) != 0 }
      isUnderWay = false
    }
  }

  /// Waits for a message of `count` elements from another rank.
  public func receive<Element: BitwiseCopyable & Sendable>(
    _ count: Int, of type: Element.Type, from rank: Int
  ) throws -> [Element] {
    try throwFailure()
    let size = count * MemoryLayout<Element>.stride
    reserve(size)
    for start in stride(from: 0, to: size, by: Self.longestPiece) {
      let piece = CInt(min(Self.longestPiece, size - start))
      try wait(for: rank) { unsafe pb_mpi_sender(library, CInt(rank), Self.data) >= 0 }
      isUnderWay = true
      let error = unsafe pb_mpi_begin_to_receive(library, room.baseAddress! + start, piece, CInt(rank), Self.data)
      guard error == 0 else {
        throw RankFailure(
          rank: rank, reason: "it sent another message than the one expected; all must run the same script", status: 1)
      }
      try wait(for: rank) { unsafe pb_mpi_is_done(library) != 0 }
      isUnderWay = false
    }
    return unsafe [Element](unsafeUninitializedCapacity: count) { buffer, filled in
      unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer(rebasing: room[..<size]))
      filled = count
    }
  }

  private func reserve(_ size: Int) {
    guard unsafe room.count < size || room.baseAddress == nil else { return }
    unsafe room.deallocate()
    unsafe room = .allocate(byteCount: max(size, 64), alignment: 64)
  }

  /// Tells the others that this rank takes no further part.
  public func fail(_ reason: String, status: Int32) {
    guard failure == nil else { return }
    failure = RankFailure(rank: rank, reason: reason, status: status)
    tell(0, status, reason)
  }
}

extension MPI {
  /// Tells the others that this rank ends, and waits until all do: for a short time only once one has failed.
  ///
  /// Returns how the others ended, as far as they did.
  public func leave(_ status: Int32, saying text: String, isStopped: () -> Bool) -> [Int: Ending] {
    tell(1, status, text)
    var deadline: UInt64?
    var turns = 0
    while ended.count < count - 1 {
      takeNotes()
      if deadline == nil, status != 0 || failure != nil || isStopped() { deadline = Watch.now + Self.farewell }
      if let deadline, Watch.now > deadline { break }
      Self.pause(&turns)
    }
    return ended
  }

  /// Ends the use of the library behind `leave`; where others have not come to their end, they are ended, and so is this process.
  public func close(_ status: Int32) {
    guard ended.count == count - 1 else { return unsafe pb_mpi_abort(library, status) }
    // It would wait for what never comes through.
    if !isUnderWay { unsafe pb_mpi_close(library) }
  }

  /// How long those that end after a failure wait for each other, in nanoseconds.
  private static let farewell: UInt64 = 10_000_000_000

  private func tell(_ kind: UInt8, _ status: Int32, _ text: String) {
    let bytes = [kind, UInt8(truncatingIfNeeded: status)] + text.utf8.prefix(Self.longestNote)
    for other in 0..<count where other != rank {
      unsafe pb_mpi_tell(library, bytes, CInt(bytes.count), CInt(other), Self.note)
    }
  }

  private func takeNotes() {
    while true {
      let sender = unsafe pb_mpi_sender(library, -1, Self.note)
      guard sender >= 0 else { return }
      var bytes = [UInt8](repeating: 0, count: Self.longestNote + 2)
      let size = unsafe pb_mpi_receive(library, &bytes, CInt(bytes.count), sender, Self.note)
      guard size >= 2 else { continue }
      let (status, text) = (Int32(bytes[1]), String(decoding: bytes[2..<size], as: UTF8.self))
      if bytes[0] == 1 { ended[Int(sender)] = Ending(status: status, text: text) }
      if status != 0, failure == nil {
        failure = RankFailure(
          rank: Int(sender), reason: text.isEmpty ? "it has ended with status \(status)" : text, status: status)
      }
    }
  }

  private func throwFailure() throws {
    if let failure { throw failure }
  }

  private func wait(for other: Int, _ isDone: () -> Bool) throws {
    var turns = 0
    while !isDone() {
      takeNotes()
      if failure != nil || ended[other] != nil {
        // What it said before may have come meanwhile.
        if isDone() { return }
        throw failure
          ?? RankFailure(rank: other, reason: "it has ended already; all must run the same script", status: 1)
      }
      try Safepoint.check()
      Self.pause(&turns)
    }
  }

  /// Lets others have the core, for longer when nothing has come for a while.
  private static func pause(_ turns: inout Int) {
    turns += 1
    if turns < 500 { sched_yield() } else { usleep(turns < 5000 ? 20 : 200) }
  }
}
