import Formats
import PixelScript
import Safepoint

extension CommandGroup {
  /// Images, plots, and what shows and saves values.
  static func pictures(_ environment: Environment) -> CommandGroup {
    CommandGroup(
      "Pictures",
      Command.images(environment.files) + Command.palettes(environment) + [
        Command.show(environment), Command.plot(environment),
      ] + Command.saving(environment))
  }
}

extension Command {
  fileprivate static func images(_ files: FileAccess) -> [Command] {
    let image = Parameter<ImageObject>("image", "the image")
    let damaged = Parameter<DamagedPictures>(
      "damaged", "what is done with a broken picture: \"refuse\", or \"keep\" what can be read of it", default: .refuse,
      byName: true)
    return [
      Command(
        "read_image", "Reads a picture: PNG, JPEG, GIF, WebP, BMP, TIFF or Aseprite; of several frames the first.",
        Parameter<String>("path", "the file", completion: .path), damaged,
        example: "save to_image(zeros(2, 3)), \"a.png\"\nprint read_image(\"a.png\")  # expect: image 3x2"
      ) { _, path, damaged in
        let path = try files.existing(path)
        let bytes = try readFile(path, limit: RasterImage.fileLimit)
        return .object(
          ImageObject(
            try kept(damaged, "read_image", path) { keeps throws(FormatError) in
              try RasterImage.decode(bytes, file: path, keepsDamaged: keeps)
            }))
      },
      Command(
        "read_frames", "Reads the frames of a GIF, an animated PNG or WebP, or an Aseprite file as a list of images.",
        Parameter<String>("path", "the file", completion: .path), damaged,
        Parameter<String?>("tag", "the name of the frames in an Aseprite file; nil for all", byName: true),
        example: "try { read_frames \"no.gif\" } catch e { print e.kind }  # expect: io"
      ) { context, path, damaged, tag in
        let path = try files.existing(path)
        let bytes = try readFile(path, limit: RasterImage.fileLimit)
        let frames = try kept(damaged, "read_frames", path) { keeps throws(FormatError) in
          try RasterImage.frames(bytes, file: path, tag: tag, keepsDamaged: keeps)
        }
        try context.reserve(bytes: frames.reduce(0) { $0 + $1.image.rgba.count })
        return .list(frames.map { .object(ImageObject($0.image)) })
      },
      sliceSheet,
      Command(
        "resize", "Gives an image another size, each pixel the nearest of the old ones.", image,
        Parameter<Int>("width", "the new number of columns"),
        Parameter<Int?>("height", "the new number of rows; without it the proportions stay"),
        example: "print resize(to_image(zeros(2, 3)), 6)  # expect: image 6x4"
      ) { context, image, width, height in
        let old = image.image
        guard (1...RasterImage.sideLimit).contains(width) else { throw wrongSize("\(width) columns") }
        let height = height ?? max((old.height * width + old.width / 2) / old.width, 1)
        try checkSize(width, height, context)
        return .object(
          ImageObject(try picked(old, width, height, { $0 * old.width / width }, { $0 * old.height / height })))
      },
      Command(
        "crop", "Takes a part of an image.", image, Parameter<Int>("x", "the first column"),
        Parameter<Int>("y", "the first row"), Parameter<Int>("width", "the number of columns"),
        Parameter<Int>("height", "the number of rows"),
        example: "print crop(to_image(zeros(4, 4)), 1, 1, 2, 3)  # expect: image 2x3"
      ) { context, image, x, y, width, height in
        let old = image.image
        try checkSize(width, height, context)
        guard x >= 0, y >= 0, x <= old.width - width, y <= old.height - height else {
          throw ScriptError(
            .value,
            "\(width)x\(height) pixels from (\(x), \(y)) on do not lie inside an image of \(old.width)x\(old.height)")
        }
        return .object(ImageObject(try picked(old, width, height, { $0 + x }, { $0 + y })))
      },
    ]
  }

  private static var sliceSheet: Command {
    Command(
      "slice_sheet", "Cuts a sheet of sprites into a list of images, row by row.",
      Parameter<ImageObject>("image", "the sheet"), Parameter<Int>("width", "the number of columns of a sprite"),
      Parameter<Int?>("height", "the number of rows of a sprite; without it as many as columns"),
      Parameter<Int>(
        "margin", "the pixels around the sprites, or at the left and top alone", default: 0, byName: true),
      Parameter<Int>("spacing", "the pixels between sprites", default: 0, byName: true),
      Parameter<Bool>(
        "empty", "whether sprites that are wholly transparent are given too", default: true, byName: true),
      example: """
        sheet = to_image(zeros(8, 12))
        print len(slice_sheet(sheet, 4)), slice_sheet(sheet, 6, 3)[0]  # expect: 6 image 6x3
        """
    ) { context, image, width, height, margin, spacing, keepsEmpty in
      let (sheet, height) = (image.image, height ?? width)
      for (name, value, least) in [
        ("width", width, 1), ("height", height, 1), ("margin", margin, 0), ("spacing", spacing, 0),
      ]
      where !(least...RasterImage.sideLimit).contains(value) {
        throw ScriptError(
          .value, "\(name) is a number from \(least) to \(RasterImage.sideLimit), found \(value)", argument: name)
      }
      func starts(_ size: Int, _ side: Int) -> [Int] {
        // Where sprites fill what the margins leave, the margin at the end holds none.
        let inner = size - 2 * margin
        let isFilled = inner >= side && (inner - side) % (side + spacing) == 0
        return Array(stride(from: margin, through: size - (isFilled ? margin : 0) - side, by: side + spacing))
      }
      let (columns, rows) = (starts(sheet.width, width), starts(sheet.height, height))
      guard !columns.isEmpty, !rows.isEmpty else {
        throw ScriptError(
          .value, "no sprite of \(width)x\(height) lies inside the margin of a sheet of \(sheet.width)x\(sheet.height)",
          argument: "width")
      }
      try context.reserve(bytes: 4 * width * height + 64, times: columns.count * rows.count)
      var sprites: [Value] = []
      for top in rows {
        for left in columns {
          let sprite = try picked(sheet, width, height, { $0 + left }, { $0 + top })
          let isEmpty = stride(from: 3, to: sprite.rgba.count, by: 4).allSatisfy { sprite.rgba[$0] == 0 }
          if keepsEmpty || !isEmpty { sprites.append(.object(ImageObject(sprite))) }
        }
      }
      return .list(sprites)
    }
  }

  fileprivate static func show(_ environment: Environment) -> Command {
    Command(
      "show",
      "Draws a value: an image, a data row, an output, a plot, a table, a list of images as a grid or, with `fps`, moving.",
      Parameter<Value>("x", "what to draw; values that can't be drawn are written"),
      Parameter<ArrangedPictures.Titles?>(
        "titles", "of pictures: what stands under them; true for their captions", byName: true),
      Parameter<PictureDivision?>("rows", "of pictures: how many rows, or their names", byName: true),
      Parameter<PictureDivision?>(
        "columns", "of pictures: how many side by side, or the names of the columns", byName: true),
      Parameter<Int?>(
        "scale", "of pictures: how many columns of the terminal each pixel is wide at most", byName: true),
      Parameter<Double?>(
        "fps", "of frames: how many are shown in a second, on a terminal in one place until Ctrl-C", byName: true),
      example: "show to_image(ones(2, 2))  # expect: \(String(repeating: "░", count: 32))"
        + String(repeating: "\n# expect: \(String(repeating: "░", count: 32))", count: 15)
    ) { context, value, titles, rows, columns, scale, fps in
      let layout = ArrangedPictures.Layout(titles: titles, rows: rows, columns: columns, scale: scale, fps: fps)
      guard !layout.isEmpty else {
        try environment.show(value) { try context.poll() }
        return .nil
      }
      guard let pictures = try ArrangedPictures(value, layout.forShow(environment.console.style)) else {
        throw ScriptError(
          .type, "titles, rows, columns, scale and fps are about pictures, found \(describe(value))", argument: "x")
      }
      try environment.show(try pictures.checkedRendering()) { try context.poll() }
      return .nil
    }
  }

  private static func checkSize(_ width: Int, _ height: Int, _ context: CallContext) throws {
    let sides = 1...RasterImage.sideLimit
    guard sides.contains(width), sides.contains(height), width * height <= RasterImage.pixelLimit else {
      throw wrongSize("\(width)x\(height)")
    }
    try context.reserve(bytes: 4 * width * height)
  }

  private static func wrongSize(_ found: String) -> ScriptError {
    ScriptError(
      .value,
      "an image has from 1 to \(RasterImage.sideLimit) rows and columns and at most \(RasterImage.pixelLimit) pixels, "
        + "found \(found)")
  }

  private static func picked(
    _ image: RasterImage, _ width: Int, _ height: Int, _ column: (Int) -> Int, _ row: (Int) -> Int
  ) throws(Stopped) -> RasterImage {
    var rgba: [UInt8] = []
    rgba.reserveCapacity(4 * width * height)
    for y in 0..<height {
      try Safepoint.check(after: 8 * width)
      for x in 0..<width {
        let place = 4 * (row(y) * image.width + column(x))
        rgba += image.rgba[place..<place + 4]
      }
    }
    return RasterImage(width: width, height: height, rgba: rgba)
  }
}

/// What is done with broken pictures.
enum DamagedPictures: String, CaseIterable, Sendable {
  case refuse, keep
}

extension DamagedPictures: ScriptChoice {}

extension Command {
  /// What `read` gives, told whether it keeps what can be read of a broken picture; an error says so where that gives something.
  private static func kept<Result>(
    _ damaged: DamagedPictures, _ command: String, _ path: String, _ read: (Bool) throws(FormatError) -> Result
  ) throws -> Result {
    do throws(FormatError) { return try read(damaged == .keep) } catch let whole {
      guard whole.kind == .malformed, damaged != .keep else { throw whole }
      do throws(FormatError) { _ = try read(true) } catch { throw whole }
      var told = whole.scriptError
      told.help = "`\(command)(\(Display.quoted(path)), damaged: \"keep\")` gives what can be read of it"
      throw told
    }
  }
}
