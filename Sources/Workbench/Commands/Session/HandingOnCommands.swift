import PixelScript

/// What `export` writes.
private enum Exported: String, CaseIterable, ScriptChoice {
  case session, run
}

extension Command {
  /// Handing on what was run.
  static func export(_ environment: Environment) -> Command {
    Command(
      "export",
      "Writes what ran, with all that it showed, as a page, a Jupyter notebook, Markdown or a script; in a script, after each cell.",
      Parameter<String>("path", "where to write: .html, .ipynb, .md or .pxb", completion: .path),
      Parameter<Exported?>(
        "what",
        "the inputs of the session, or the last run of a script; by default the run that is under way, else the session",
        byName: true),
      Parameter<Bool>(
        "times", "whether times and rates are shown, which no two runs have in common", default: false, byName: true),
      example: """
        write_text "hand_on.pxb", "# %% Sum\\nprint 20 + 22"
        run "hand_on.pxb"  # expect: 42
        export "hand_on.md", what: "run"
        print read_text("hand_on.md").split("\\n")[0]  # expect: # hand_on.pxb
        """
    ) { _, path, what, times in
      let report = what == .session ? nil : environment.report ?? (what == .run ? environment.lastReport : nil)
      let file = try ExportFile(path, environment.files, of: report?.script, showsTimes: times)
      if what != .session, let report = environment.report {
        try report.add(file)
        return .nil
      }
      if what == .run {
        guard let report = environment.lastReport else {
          throw ScriptError(.value, "no script has run yet", help: "`run` runs one", argument: "what")
        }
        try file.write(report.document)
        return .nil
      }
      try file.write(environment.sessionDocument)
      return .nil
    }
  }
}

extension Command {
  /// Jupyter notebooks to scripts and back.
  static func convert(_ environment: Environment) -> Command {
    Command(
      "convert",
      "Makes a script of a Jupyter notebook, or a Jupyter notebook, a page or Markdown of a script, without running it.",
      Parameter<String>("from", "a .ipynb or .pxb", completion: .path),
      Parameter<String>("to", "where to write: .pxb, .ipynb, .html or .md", completion: .path),
      Parameter<Bool>(
        "force", "whether a file is replaced that is there and not as `convert` wrote it", default: false, byName: true),
      example: """
        write_text "convert_sum.pxb", "# %% Sum\\nprint 20 + 22"
        convert "convert_sum.pxb", "convert_sum.ipynb"
        print read_json("convert_sum.ipynb").cells[0].source  # expect: ["## Sum"]
        """
    ) { _, from, to, force in
      let conversion = NotebookConversion(files: environment.files, replaces: force)
      environment.notice(try conversion.convert(from, to: to))
      return .nil
    }
  }
}
