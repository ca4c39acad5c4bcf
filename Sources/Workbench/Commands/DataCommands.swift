import PixelBytes
import PixelScript
import Tensors

extension CommandGroup {
  /// Making, loading, splitting and describing data sets.
  static func data(_ environment: Environment) -> CommandGroup {
    CommandGroup(
      "Data",
      [
        spritesCommand, loadDataSet(environment), build(environment), splitData, shuffleData(environment), takeRows,
        filterRows, describeData, traitsOfRow, traitsOfOutput, traitsOfImage,
      ])
  }

  private static var spritesCommand: Command {
    Command(
      "sprites", "Makes the embedded data set: creatures drawn by rules, with captions that are true of them.",
      Parameter<Int>("count", "number of rows", default: 512),
      Parameter<Int>("size", "width and height in pixels, 8 to 32", default: 16),
      Parameter<Int>("seed", "the same seed gives the same rows on any machine", default: 0),
      example: """
        data = sprites(count: 3, size: 12, seed: 1)
        print len(data), data[0].image  # expect: 3 image 12x12
        """
    ) { context, count, size, seed in
      try context.reserve(bytes: max(count, 0) * (size * size * 5 + 512))
      return .object(
        DataSetObject(
          try DataSet.sprites(count: count, size: size, seed: UInt64(bitPattern: Int64(seed))) { try context.poll() }))
    }
  }

  private static func loadDataSet(_ environment: Environment) -> Command {
    Command(
      "load_dataset", "Loads pictures with captions from parquet, or from a folder in Hugging Face imagefolder form.",
      Parameter<String>(
        "path", "a .parquet file, or a folder with metadata.csv, metadata.jsonl or .parquet files in it or its split",
        completion: .path),
      Parameter<String>("image", "the column of the pictures, or of their files", default: "image"),
      Parameter<String>("caption", "the column of the captions", default: "caption"),
      Parameter<String>(
        "split", "the sub folder, or the beginning of the Hub's names, such as train-00000-of-00002.parquet",
        default: "train"),
      Parameter<Int?>("limit", "the most rows to load"),
      example: """
        try { load_dataset "no/such/folder" } catch e { print e.kind }  # expect: io
        """
    ) { context, path, image, caption, split, limit in
      let path = try environment.files.existing(path)
      return .object(
        DataSetObject(
          try DataSet.load(
            path, image: image, caption: caption, split: split, limit: limit,
            willRead: { file in
              _ = try environment.files.readable(file)
              try context.poll()
            },
            poll: { try context.poll() })))
    }
  }

  private static func build(_ environment: Environment) -> Command {
    Command(
      "build", "Turns pictures into palette colors and rows into tokens: adds the `pixelbyte` column.",
      Parameter<DataSetObject>("data", "the data set"),
      Parameter<Int?>(
        "max_size", "the longest side of a picture, larger ones are reduced; nil keeps every size", default: 25),
      Parameter<TokenizerObject?>("tokenizer", "the tokenizer, by default \"pixelbytes\""),
      example: """
        data = build(sprites(count: 2, size: 12))
        print len(data[0].pixelbyte) > 156, data.columns[-1]  # expect: true pixelbyte
        """
    ) { context, data, maxSize, tokenizer in
      let tokenizer = tokenizer?.tokenizer ?? Tokenizer()
      return .object(DataSetObject(try data.data.built(with: tokenizer, maxSize: maxSize) { try context.poll() }))
    }
  }

  private static var splitData: Command {
    Command(
      "split", "Splits a data set by row into training and test rows; the same seed gives the same split anywhere.",
      Parameter<DataSetObject>("data", "the data set"),
      Parameter<Double>("test", "the share of test rows", default: 0.1),
      Parameter<Int>("seed", "what decides which rows are test rows", default: 0),
      example: """
        train_rows, test_rows = split(sprites(count: 20), test: 0.25, seed: 42)
        print len(train_rows), len(test_rows)  # expect: 15 5
        """
    ) { _, data, test, seed in
      let parts = try data.data.split(test: test, seed: UInt64(bitPattern: Int64(seed)))
      return .list([.object(DataSetObject(parts.train)), .object(DataSetObject(parts.test))])
    }
  }

  private static func shuffleData(_ environment: Environment) -> Command {
    Command(
      "shuffle", "Puts the rows of a data set into random order.",
      Parameter<DataSetObject>("data", "the data set"),
      Parameter<Int?>("seed", "what decides the order, in place of the session's seed"),
      example: """
        print len(shuffle(sprites(count: 5), seed: 1))  # expect: 5
        """
    ) { _, data, seed in
      let seed = environment.withRandom("shuffle", seed: seed) { $0.next() }
      return .object(DataSetObject(data.data.shuffled(seed: seed)))
    }
  }

  private static var takeRows: Command {
    Command(
      "take", "Gives the first rows of a data set.",
      Parameter<DataSetObject>("data", "the data set"),
      Parameter<Int>("count", "how many rows"),
      example: """
        print len(take(sprites(count: 9), 4))  # expect: 4
        """
    ) { _, data, count in
      guard count >= 0 else { throw ScriptError(.value, "count must be 0 or more, found \(count)", argument: "count") }
      return .object(DataSetObject(data.data.taking(count)))
    }
  }

  private static var filterRows: Command {
    Command(
      "filter", "Keeps the rows of a data set for which a function answers true.",
      Parameter<DataSetObject>("data", "the data set"),
      Parameter<ScriptFunction>("keep", "a function of a row"),
      example: """
        data = sprites(count: 50, seed: 1)
        red = filter(data, fn(row) = row.traits.color == "red")
        print all(map(red, fn(row) = contains(row.caption, "red")))  # expect: true
        """
    ) { context, data, keep in
      .object(
        DataSetObject(
          try data.data.filtered { row in
            try context.poll()
            let answer = try context.call(keep, .object(RowObject(row)))
            guard let kept = Bool.convert(answer) else {
              throw ScriptError(.type, "`filter` expects true or false from its function, found \(answer.typeName)")
            }
            return kept
          }))
    }
  }

  private static var describeData: Command {
    Command(
      "describe", "Counts rows, sizes, caption lengths and characters without a token of a data set.",
      Parameter<DataSetObject>("data", "the data set"),
      example: """
        print describe(sprites(count: 8, size: 12)).rows  # expect: 8
        """
    ) { _, data in .object(DataSummary(data.data).table) }
  }

  private static var traitsOfRow: Command {
    Command(
      "traits", "Gives the traits that are known of a row, as a map; empty when none are.",
      Parameter<RowObject>("row", "a row of `sprites`"),
      example: """
        row = sprites(count: 1, seed: 3)[0]
        print contains(row.caption, traits(row).color)  # expect: true
        """
    ) { _, row in .map(row.row.traits.map { ($0.name, .string($0.text)) }) }
  }

  private static var traitsOfOutput: Command {
    Command(
      "traits", "Reads traits back from the first picture of an output: its dominant color; empty without a picture.",
      Parameter<OutputObject>("output", "what `generate` gave"),
      example: """
        row = sprites(count: 1, seed: 3)[0]
        print traits(decode(encode(row).ids)).color == row.traits.color  # expect: true
        """
    ) { _, output in .map(measured(output.decoding.images.first)) }
  }

  private static var traitsOfImage: Command {
    Command(
      "traits", "Reads traits back from a picture: its dominant color beside background and outline.",
      Parameter<ImageObject>("image", "the picture"),
      example: """
        row = sprites(count: 1, seed: 3)[0]
        print traits(row.image).color == row.traits.color  # expect: true
        """
    ) { _, image in .map(measured(image.picture.quantized())) }
  }

  private static func measured(_ image: IndexedImage?) -> [(String, Value)] {
    guard let image, let family = ColorFamily.dominant(of: image) else { return [] }
    return [("color", .string(family.rawValue))]
  }
}
