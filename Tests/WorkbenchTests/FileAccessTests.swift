import Foundation
import PixelScript
import Testing
import Workbench

@Suite final class FileAccessTests {
  let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/pixelbytes-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder + "/inside/deep", withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: folder + "/outside", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: folder + "/inside/exit", withDestinationPath: "../outside")
    try FileManager.default.createSymbolicLink(atPath: folder + "/inside/loop", withDestinationPath: "loop")
    try FileManager.default.createSymbolicLink(atPath: folder + "/inside/home", withDestinationPath: folder + "/inside")
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: folder) } catch { Issue.record(error) }
  }

  @Test(arguments: ["a.png", "deep/a.png", "deep/../a.png", "./a.png", "home/deep/a.png", "new/folder/a.png", "..a"])
  func allowsWhatLiesBelow(path: String) throws {
    let files = FileAccess(writeFolders: [folder + "/inside"])
    #expect(try files.writable("\(folder)/inside/\(path)") == "\(folder)/inside/\(path)")
  }

  @Test(arguments: ["../a.png", "exit/a.png", "exit", "deep/../../outside/a", "home/../a", "/etc/passwd", "exit/../a"])
  func refusesWhatDoesNot(path: String) throws {
    let files = FileAccess(writeFolders: [folder + "/inside"])
    let target = path.hasPrefix("/") ? path : "\(folder)/inside/\(path)"
    let error = #expect(throws: ScriptError.self) { try files.writable(target) }
    #expect(error?.kind == .io)
    #expect(error?.message == "\"\(target)\" is outside the folders that scripts may write to")
  }

  @Test func refusesWhatIsNoPath() {
    let files = FileAccess(writeFolders: [folder + "/inside"])
    #expect(throws: ScriptError.self) { try files.writable("") }
    #expect(throws: ScriptError.self) { try files.writable(folder + "/inside/a\0b") }
    #expect(throws: ScriptError.self) { try files.writable(folder + "/insider") }
  }

  @Test func limitsReadingOnlyWhenAsked() throws {
    #expect(try FileAccess(writeFolders: []).readable("/etc/passwd") == "/etc/passwd")
    let files = FileAccess(writeFolders: [folder + "/inside"], readFolders: [folder + "/outside"])
    #expect(throws: ScriptError.self) { try files.readable("/etc/passwd") }
    #expect(try files.readable(folder + "/outside/a") == folder + "/outside/a")
    #expect(try files.readable(folder + "/inside/a") == folder + "/inside/a")
  }
}
