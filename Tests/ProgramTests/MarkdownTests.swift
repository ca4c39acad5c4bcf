import Foundation
import Testing

/// Pages of HTML from cells of Markdown.
@Suite struct MarkdownTests {
  /// What stands in `markdown.json` beside each text is what markdown-it-py 4.3 makes of it, by CommonMark and with tables, blanks between
  /// tags, ids and styles aside.
  @Test func isThatOfCommonMark() throws {
    let file = URL(filePath: #filePath).appending(path: "../../Scripts/workbench/markdown.json").standardized
    let cases = try JSONDecoder().decode([[String]].self, from: Data(contentsOf: file))
    #expect(cases.count > 120)
    let cells = cases.map { pair in
      let lines = pair[0].split(separator: "\n", omittingEmptySubsequences: false)
      return "# %% [markdown]\n" + lines.map { $0.isEmpty ? "#\n" : "# \($0)\n" }.joined() + "# %%\nx = 1\n"
    }
    let folder = try TemporaryFolder()
    _ = try folder.write("n.pxb", cells.joined())
    let result = try Program.run(["run", "n.pxb", "--export", "x.html"], folder: folder.path)
    #expect(result.status == 0 && result.errors == "")
    let page = try String(contentsOfFile: folder.path + "/x.html", encoding: .utf8)
    let sections = page.components(separatedBy: "<section class=\"text\">\n").dropFirst().map { part in
      Self.plain(part.components(separatedBy: "</section>")[0])
    }
    #expect(sections.count == cases.count)
    for (section, pair) in zip(sections, cases) { #expect(section == pair[1], "\(pair[0])") }
  }

  /// HTML without what says nothing.
  private static func plain(_ html: String) -> String {
    html.replacing(/\ id="[^"]*"/, with: "").replacing("<div class=\"wide\">", with: "").replacing("</div>", with: "")
      .replacing(/>\s+</, with: "><").replacing(/\s+(<\/li>|<\/blockquote>)/) { "\($0.1)" }
      .replacing("<tbody></tbody>", with: "").replacing(/(<t[hd]>)\s+/) { "\($0.1)" }
      .replacing(/\s+(<\/t[hd]>)/) { "\($0.1)" }.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
