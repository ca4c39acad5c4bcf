import Foundation
import PixelBytes
import PixelScript

extension Session {
  /// Whether a path leads to a data set: a folder, or a table by its name.
  public static func isDataSet(_ path: String) -> Bool {
    DataSet.isTable(path) || FileManager.default.fileExists(atPath: path + "/.")
  }

  /// The script that tells what is wrong with the data set at a path, whose parameters say how it is opened.
  public static func checkingScript(of path: String) -> String {
    """
    param image = "image" "the column of the pictures; none for texts alone"
    param caption = "caption" "the column of the captions; none for pictures alone"
    param split = "" "the split; all that is read without it where there is none"
    param encoding = "utf-8" "how the characters of tables and texts are written"
    param damaged = "refuse" in ["refuse", "keep"] "what is done with broken pictures"
    check \(Display.quoted(path)), image: nil if image == "none" else image, caption: nil if caption == "none" else caption, \
    split: nil if split == "" else split, encoding: encoding, damaged: damaged
    """
  }
}
