import PixelScript
import Ranks

/// How a session begins and what it may do.
public struct SessionOptions: Sendable {
  /// The seed of all random numbers; without one it is drawn, and told when the first random number is used.
  public var seed: UInt64?
  /// The seed that is drawn where none is given; nil for one that the session draws.
  public var drawnSeed: UInt64?
  /// The number of threads that work is spread over.
  public var threads: Int
  /// True when notices and progress are left out.
  public var quiet: Bool
  /// The folders below which scripts may write.
  public var writeFolders: [String]
  /// The folders below which scripts may read; without a list they may read anything.
  public var readFolders: [String]?
  /// A folder in which every training is logged, each in a folder of its own; nil for those alone that ask for it.
  public var logFolder: String?
  /// The processes that run the same script together; nil for one alone.
  public var ranks: (any Communicator)?
  /// The budgets of each run.
  public var limits: Limits

  /// Creates options; by default scripts write below the working folder and read anywhere.
  public init(
    seed: UInt64? = nil, threads: Int = 2, quiet: Bool = false, writeFolders: [String] = ["."],
    readFolders: [String]? = nil, logFolder: String? = nil, limits: Limits = Limits()
  ) {
    self.seed = seed
    self.threads = threads
    self.quiet = quiet
    self.writeFolders = writeFolders
    self.readFolders = readFolders
    self.logFolder = logFolder
    self.limits = limits
  }
}
