import Foundation
import PixelBytes

extension Session {
  /// Whether a path leads to a data set: a folder, or a table by its name.
  public static func isDataSet(_ path: String) -> Bool {
    DataSet.isTable(path) || FileManager.default.fileExists(atPath: path + "/.")
  }
}
