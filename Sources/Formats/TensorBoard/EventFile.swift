/// A file of events as TensorBoard reads it: scalars, pictures, texts and hyperparameters of one run.
///
/// Each event is added whole, with its checksums, and reaches the file with the call, so that a crash costs at most the last one.
public final class EventFile {
  private let file: SystemFile

  /// Makes a new file in a folder, whose name says when; `time` in seconds since 1970. Events of earlier files of the folder from
  /// `step` on are void then, as those of a run that goes on from there.
  public init(in folder: String, time: Double, from step: Int = 0) throws(FormatError) {
    let names = try SystemFile.names(in: folder)
    let stem = "events.out.tfevents.\(Int(time))"
    let name = names.contains("\(stem).pixelbytes") ? "\(stem).\(names.count).pixelbytes" : "\(stem).pixelbytes"
    file = try SystemFile.appending(folder + "/" + name, creating: 0o666)
    try add(time: time, step: 0) { $0.string(3, "brain.Event:2") }
    if step > 0 { try add(time: time, step: step) { $0.message(7) { $0.integer(1, 1) } } }
  }

  /// Adds numbers by their tags, such as "loss/train"; TensorBoard draws tags that begin alike beside each other.
  public func add(_ scalars: [(tag: String, value: Double)], step: Int, time: Double) throws(FormatError) {
    try add(time: time, step: step) { event in
      event.message(5) { summary in
        for (tag, value) in scalars {
          summary.message(1) {
            $0.string(1, tag)
            $0.float(2, Float(value))
          }
        }
      }
    }
  }

  /// Adds a picture.
  public func add(_ picture: RasterImage, tag: String, step: Int, time: Double) throws(FormatError) {
    let png = try PNG.encode(picture)
    try add(time: time, step: step) { event in
      event.message(5) {
        $0.message(1) {
          $0.string(1, tag)
          $0.message(4) {
            $0.integer(1, picture.height)
            $0.integer(2, picture.width)
            $0.integer(3, picture.isOpaque ? 3 : 4)
            $0.bytes(4, png)
          }
        }
      }
    }
  }

  /// Adds a text in Markdown.
  public func add(text: String, tag: String, step: Int, time: Double) throws(FormatError) {
    try add(time: time, step: step) { event in
      event.message(5) {
        $0.message(1) {
          $0.string(1, tag)
          $0.message(8) {
            $0.integer(1, 7)
            $0.message(2) { $0.message(2) { $0.integer(1, 1) } }
            $0.string(8, text)
          }
          Self.plugin("text", [], of: &$0)
        }
      }
    }
  }

  /// Adds what the run was told, and the tags of the numbers that it is judged by.
  public func add(hyperparameters: [(name: String, value: JSON)], metrics: [String], time: Double) throws(FormatError) {
    var experiment = ProtobufWriter()
    experiment.integer(1, 0)
    experiment.message(2) { experiment in
      for (name, value) in hyperparameters {
        experiment.message(4) {
          $0.string(1, name)
          $0.integer(4, Self.type(of: value))
        }
      }
      for tag in metrics { experiment.message(5) { $0.message(1) { $0.string(2, tag) } } }
    }
    try addPlugin("_hparams_/experiment", experiment, time)
    var start = ProtobufWriter()
    start.message(3) { session in
      for (name, value) in hyperparameters {
        session.message(1) {
          $0.string(1, name)
          $0.message(2) { Self.write(value, to: &$0) }
        }
      }
      session.double(5, time)
    }
    try addPlugin("_hparams_/session_start_info", start, time)
  }

  /// Tells that the run has ended.
  public func end(time: Double) throws(FormatError) {
    var end = ProtobufWriter()
    end.message(4) {
      $0.integer(1, 1)
      $0.double(2, time)
    }
    try addPlugin("_hparams_/session_end_info", end, time)
  }

  private func addPlugin(_ tag: String, _ content: ProtobufWriter, _ time: Double) throws(FormatError) {
    try add(time: time, step: 0) { event in
      event.message(5) {
        $0.message(1) {
          $0.string(1, tag)
          $0.message(8) {
            $0.integer(1, 1)
            $0.message(2) { _ in }
            $0.float(5, 0)
          }
          Self.plugin("hparams", content.bytes, of: &$0)
        }
      }
    }
  }

  private static func plugin(_ name: String, _ content: [UInt8], of value: inout ProtobufWriter) {
    value.message(9) {
      $0.message(1) {
        $0.string(1, name)
        $0.bytes(2, content)
      }
    }
  }

  /// The kind of a hyperparameter: a text, a truth value or a number.
  private static func type(of value: JSON) -> Int {
    switch value {
    case .bool: 2
    case .integer, .number: 3
    default: 1
    }
  }

  private static func write(_ value: JSON, to writer: inout ProtobufWriter) {
    switch value {
    case .bool(let flag): writer.integer(4, flag ? 1 : 0)
    case .integer(let number): writer.double(2, Double(number))
    case .number(let number): writer.double(2, number)
    case .string(let text): writer.string(3, text)
    default: writer.string(3, value.text())
    }
  }

  private func add(time: Double, step: Int, _ what: (inout ProtobufWriter) -> Void) throws(FormatError) {
    var event = ProtobufWriter()
    event.double(1, time)
    event.integer(2, step)
    what(&event)
    func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
      stride(from: 0, to: value.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: value >> $0) }
    }
    let length = bytes(UInt64(event.bytes.count))
    try file.write(
      length + bytes(CRC32C.masked(of: length)) + event.bytes + bytes(CRC32C.masked(of: event.bytes)))
  }
}
