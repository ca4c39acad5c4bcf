import PixelScript

extension Command {
  /// Draws numbers as a plot.
  static func plot(_ environment: Environment) -> Command {
    Command(
      "plot", "Makes a plot, which a cell draws and `save` writes as SVG, PNG or PDF.",
      Parameter<Value>(
        "data", "numbers, a list or map of them, a table, a history, a tensor, a picture, a palette, or a list of plots"
      ),
      PlotOptions.Parameters(),
      example: """
        print plot([3, 1, 2])  # expect: plot of 1 series, 3 points
        t = table({lr: [1, 1, 2, 2], loss: [3, 5, 2, 4]})
        save plot(t, x: "lr", y: "loss", band: "sd", log: "y", title: "rates"), "rates.svg"
        """
    ) { _, data, options in
      let (data, options) = try options.places(in: data)
      return .object(PlotObject(try ChartBuilder(options) { environment.notice($0) }.chart(of: data)))
    }
  }
}
