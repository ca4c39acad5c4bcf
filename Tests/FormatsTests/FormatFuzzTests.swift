import FormatFuzz
import Formats
import Foundation
import Testing

/// A small part of `Scripts/fuzz --formats`.
struct FormatFuzzTests {
  @Test(arguments: FileKind.allCases) func damagedFilesAreReadOrRefused(kind: FileKind) throws {
    try withTemporaryFolder { folder in
      let corpus = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures").path
      let fuzzer = try FormatFuzzer(corpus: corpus, scratch: folder + "/x", kinds: [kind])
      var (read, refused) = (0, 0)
      for number in 0..<600 {
        #expect(fuzzer.input(number).bytes == fuzzer.input(number).bytes)
        switch fuzzer.answer(to: number) {
        case nil: read += 1
        case is FormatError where !kind.hasOtherErrors: refused += 1
        case let error?:
          #expect(kind.hasOtherErrors, "\(number): \(error)")
          refused += 1
        }
      }
      // Files that are only refused would try no more than the first check.
      #expect(read > 5 && refused > 5, "\(read) read, \(refused) refused")
    }
  }
}

extension FileKind {
  /// Whether what refuses it is above the readers of files.
  fileprivate var hasOtherErrors: Bool { [.config, .palette, .ipynb].contains(self) }
}
