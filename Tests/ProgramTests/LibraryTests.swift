import Foundation
import Testing

/// OpenBLAS missing, broken, or another library under its name: a clear error before anything runs.
@Suite struct LibraryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run() throws -> Program.Result {
    try Program.run(["-e", "print \"ran\""], environment: ["LD_LIBRARY_PATH": folder.path])
  }

  private func expectError(_ part: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let result = try run()
    #expect(result.status == 69, sourceLocation: sourceLocation)
    #expect(result.output == "", sourceLocation: sourceLocation)
    #expect(result.errors.hasPrefix("error: "), sourceLocation: sourceLocation)
    #expect(result.errors.contains(part), "\(result.errors)", sourceLocation: sourceLocation)
    #expect(
      result.errors.contains(folder.path + "/libopenblas.so.0"), "\(result.errors)", sourceLocation: sourceLocation)
    #expect(result.errors.contains("apt-get install --reinstall libopenblas0"), sourceLocation: sourceLocation)
    #expect(result.errors.split(separator: "\n").count == 2, sourceLocation: sourceLocation)
  }

  @Test func anEmptyFile() throws {
    _ = try folder.write("libopenblas.so.0", "")
    try expectError("can't be opened")
  }

  @Test func aText() throws {
    _ = try folder.write("libopenblas.so.0", String(repeating: "no library\n", count: 1000))
    try expectError("can't be opened")
  }

  @Test(arguments: [
    ("int nothing;", "is not OpenBLAS: it lacks"),
    ("void cblas_sgemm(void) {}", "is not OpenBLAS: it lacks"),
    (
      "void cblas_sgemm(void) {} char *openblas_get_corename(void) { return 0; } char *openblas_get_config(void) { return 0; }",
      "multiplies two small matrices wrong"
    ),
    (
      "void cblas_sgemm(void) {} char *openblas_get_corename(void) { return 0; } char *openblas_get_config(void) { return \"OpenBLAS USE64BITINT\"; }",
      "whole numbers of 64 bits"
    ),
    ("extern int missing(void); int call(void) { return missing(); }", "undefined symbol"),
  ])
  func anotherLibrary(source: String, fault: String) throws {
    let path = try folder.write("library.c", source)
    let library = folder.path + "/libopenblas.so.0"
    // Without a compiler there is nothing to try.
    guard FileManager.default.fileExists(atPath: "/usr/bin/cc") else { return }
    let result = try Program.run(executable: "/usr/bin/cc", ["-shared", "-fPIC", "-o", library, path])
    try #require(result.status == 0, "\(result.errors)")
    try expectError(fault)
  }

  @Test func whatNeedsNoLibraryStillWorks() throws {
    _ = try folder.write("libopenblas.so.0", "")
    let result = try Program.run(["--version"], environment: ["LD_LIBRARY_PATH": folder.path])
    #expect(result.status == 0)
  }
}
