import Formats
import PixelBytes
import PixelScript

extension Command {
  /// Palettes, and pictures in their colors.
  static func palettes(_ environment: Environment) -> [Command] {
    [
      namedPalette(environment), imagePalette, dataPalette, quantize(environment), pixelize,
    ]
  }

  private static func namedPalette(_ environment: Environment) -> Command {
    Command(
      "load_palette",
      "Gives a palette by name, or the colors of a file: a palette of another program, a text of hexadecimal colors, a picture.",
      Parameter<String>(
        "path", "the name \"nes\", or the file: .hex, .gpl, .pal, .txt, .act, .ase, .aseprite or a picture",
        default: "nes",
        completion: .path),
      Parameter<Int?>("colors", "gathers the colors into at most so many, by k-means, the most common first"),
      Parameter<Int>("seed", "what decides how colors are gathered", default: 0),
      example: """
        write_text "duotone.hex", "081820 ; dark\\n88c070"
        print load_palette(), load_palette("duotone.hex").colors
        # expect: palette "nes": 55 colors ["081820", "88c070"]
        """
    ) { _, path, colors, seed in
      let seed = UInt64(bitPattern: Int64(seed))
      if let found = Palette.named.first(where: { $0.name == path }) {
        return .object(PaletteObject(try found.palette.gathering(colors, seed: seed), name: path))
      }
      return .object(
        PaletteObject(
          try Palette(contentsOf: try environment.files.existing(path), gathering: colors, seed: seed) {
            environment.notice($0)
          },
          name: path))
    }
  }

  private static var imagePalette: Command {
    Command(
      "load_palette", "Gives the colors of an image as a palette, in the order in which they come up.",
      Parameter<ImageObject>("image", "the image; wholly transparent pixels have no color"),
      Parameter<Int?>("colors", "gathers the colors into at most so many, by k-means, the most common first"),
      Parameter<Int>("seed", "what decides how colors are gathered", default: 0),
      example: """
        image = to_image(tensor([[0, 0.5, 1]]))
        print load_palette(image).colors, len(load_palette(image, colors: 2))
        # expect: ["000000", "808080", "ffffff"] 2
        """
    ) { _, image, colors, seed in
      guard let colors else { return .object(PaletteObject(try ownColors(image.image), name: "image")) }
      var counts = ColorCounts()
      counts.add(image.image)
      let seed = UInt64(bitPattern: Int64(seed))
      return .object(PaletteObject(try Palette(clustering: counts, count: colors, seed: seed), name: "image"))
    }
  }

  private static func ownColors(_ image: RasterImage) throws -> Palette {
    do { return try Palette(colorsOf: image) } catch {
      throw ScriptError(.value, error.message, help: "`colors: 16` gathers similar colors", argument: "image")
    }
  }

  private static var dataPalette: Command {
    Command(
      "load_palette", "Gathers the colors of all pictures of a data set into a palette, by k-means in CIE Lab.",
      Parameter<DataSetObject>("data", "the data set"),
      Parameter<Int>("colors", "the most colors, 1 to \(Palette.limit)", default: 16),
      Parameter<Int>("seed", "what decides how colors are gathered", default: 0),
      example: """
        data = sprites(count: 10, size: 12, seed: 1)
        print load_palette(data, colors: 8)  # expect: palette "data set": 8 colors
        """
    ) { context, data, colors, seed in
      var counts = ColorCounts()
      for index in 0..<data.data.count {
        try context.poll()
        if let image = try data.data[index].image { counts.add(image) }
      }
      let seed = UInt64(bitPattern: Int64(seed))
      return .object(PaletteObject(try Palette(clustering: counts, count: colors, seed: seed), name: "data set"))
    }
  }

  private static func quantize(_ environment: Environment) -> Command {
    Command(
      "quantize", "Gives every pixel of a picture the nearest color of a palette, as an eye sees it (CIE Lab).",
      Parameter<ImageObject>("image", "the picture; transparent parts become white"),
      Parameter<PaletteObject?>("palette", "the palette, by default \"nes\"", byName: true),
      example: """
        image = sprites(count: 1, size: 8)[0].image
        print quantize(image) == image  # expect: true
        """
    ) { context, image, palette in
      let indexed = try image.image.quantized(to: palette?.palette ?? .nes, threads: environment.threads) {
        try context.poll()
      }
      return .object(ImageObject(indexed.raster))
    }
  }

  private static var pixelize: Command {
    Command(
      "pixelize", "Makes a photo or a large sprite a small sprite: cut to its subject, reduced, in palette colors.",
      Parameter<ImageObject>("image", "the picture; transparent parts become white"),
      Parameter<Int>("max_size", "the most pixels a side; a smaller picture keeps its size", default: 25),
      Parameter<PaletteObject?>("palette", "the palette, by default \"nes\"", byName: true),
      Parameter<Int>("seed", "what decides how similar colors are gathered", default: 0, byName: true),
      example: """
        photo = resize(sprites(count: 1, size: 32)[0].image, 320)
        small = pixelize(photo, 16)
        print max(small.width, small.height)  # expect: 16
        """
    ) { _, image, maxSize, palette, seed in
      guard maxSize >= 1 else {
        throw ScriptError(.value, "max_size must be 1 or more, found \(maxSize)", argument: "max_size")
      }
      let sprite = image.image.pixelized(
        to: palette?.palette ?? .nes, maxSize: maxSize, seed: UInt64(bitPattern: Int64(seed)))
      return .object(ImageObject(sprite.raster))
    }
  }
}
