import PixelBytes
import PixelScript

extension Command {
  /// Palettes, and pictures in their colors.
  static func palettes(_ files: FileAccess) -> [Command] {
    [
      Command(
        "load_palette",
        "Gives a palette by name, or the colors of a file: a text of six hexadecimal digits a color, or a picture.",
        Parameter<String>("path", "the name \"nes\", or the file", default: "nes", completion: .path),
        example: """
          write_text "duotone.hex", "081820 ; dark\\n88c070"
          print load_palette(), load_palette("duotone.hex").colors
          # expect: palette "nes": 55 colors ["081820", "88c070"]
          """
      ) { _, path in
        if let found = Palette.named.first(where: { $0.name == path }) {
          return .object(PaletteObject(found.palette, name: path))
        }
        return .object(PaletteObject(try Palette(contentsOf: try files.existing(path)), name: path))
      },
      Command(
        "quantize", "Gives every pixel of a picture the nearest color of a palette, as an eye sees it (CIE Lab).",
        Parameter<ImageObject>("image", "the picture; transparent parts become white"),
        Parameter<PaletteObject?>("palette", "the palette, by default \"nes\"", byName: true),
        example: """
          image = sprites(count: 1, size: 8)[0].image
          print quantize(image) == image  # expect: true
          """
      ) { _, image, palette in
        .object(ImageObject(image.image.quantized(to: palette?.palette ?? .nes).raster))
      },
    ]
  }
}
