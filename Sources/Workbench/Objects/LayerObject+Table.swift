import PixelBytes
import PixelScript
import Tensors

extension LayerObject {
  /// A row for each layer inside, with the shapes it gives: those of `outputs` where they are known; then the total.
  func table(_ outputs: [ObjectIdentifier: Shape] = [:]) -> TableObject {
    var seen: Set<ObjectIdentifier> = []
    var rows: [[Value]] = []
    if members.isEmpty { rows.append(row("", outputs, &seen)) } else { addRows(to: &rows, at: "", outputs, &seen) }
    // What stands in no layer inside is a parameter of a module itself.
    for (name, parameter) in named where seen.insert(ObjectIdentifier(parameter)).inserted {
      rows.append([
        .string(name), .string("parameter"), .string("\(parameter.value.shape)"), .number(parameter.value.count),
      ])
    }
    let shape = outputs[ObjectIdentifier(self)].map { "\($0)" } ?? ""
    rows.append([.string("total"), .string(""), .string(shape), .number(parameterCount)])
    return TableObject(columns: ["layer", "kind", "output", "parameters"], rows: rows)
  }

  private func addRows(
    to rows: inout [[Value]], at path: String, _ outputs: [ObjectIdentifier: Shape], _ seen: inout Set<ObjectIdentifier>
  ) {
    for (name, layer) in members {
      let place = path + name
      if layer.members.isEmpty {
        rows.append(layer.row(place, outputs, &seen))
      } else {
        layer.addRows(to: &rows, at: place + ".", outputs, &seen)
      }
    }
  }

  /// A parameter that several layers share counts where it stands first.
  private func row(_ path: String, _ outputs: [ObjectIdentifier: Shape], _ seen: inout Set<ObjectIdentifier>) -> [Value]
  {
    let fresh = named.filter { seen.insert(ObjectIdentifier($0.parameter)).inserted }
    var shape = outputs[ObjectIdentifier(self)].map { "\($0)" }
    if shape == nil, case .operation(let operation, _) = content { shape = "\(operation.output)" }
    return [
      .string(path), .string(title), .string(shape ?? ""), .number(fresh.reduce(0) { $0 + $1.parameter.value.count }),
    ]
  }
}

extension LayerObject: Showable {
  /// The layers as a table; a single one as a line.
  public func rendering() -> Rendering {
    members.isEmpty ? .text(ControlCharacters.escaped(displayText) + "\n") : table().rendering()
  }
}
