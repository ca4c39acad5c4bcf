import Foundation
import Testing

/// What is told of files of a data set that are not read.
@Suite struct DataNoteTests {
  @Test(arguments: [
    (0, ""), (1, "lf: 1 picture or text beside the folders of the splits is not read\n"),
    (2, "lf: 2 pictures or texts beside the folders of the splits are not read\n"),
    (11, "lf: 11 pictures or texts beside the folders of the splits are not read\n"),
  ])
  func filesBesideSplits(count: Int, told: String) throws {
    let folder = try TemporaryFolder()
    for split in ["train", "test"] {
      try FileManager.default.createDirectory(
        atPath: folder.path + "/lf/\(split)", withIntermediateDirectories: true)
      _ = try folder.write("lf/\(split)/a.csv", "caption\na\n")
    }
    for number in 0..<count { _ = try folder.write("lf/note\(number).txt", "x") }
    let result = try Program.run(["-e", "print len(load_dataset(\"lf\", image: nil))"], folder: folder.path)
    #expect(result.output == "1\n" && result.errors == told)
  }
}
