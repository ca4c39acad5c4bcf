import Formats

extension Chart {
  /// Gives the series of several panels that share a legend colors that tell them apart: one name has one color, and no two names that
  /// look the same have one. Colors that were given by hand stay.
  mutating func tellPanelsApart() {
    guard panels.count > 1, legend == .right || legend == .bottom else { return }
    // The slots of names, and what the names of panels before look like.
    var slots: [String: Int] = [:]
    var looks: [Look: String] = [:]
    for place in panels.indices {
      var moved: [Int: Int] = [:]
      for index in panels[place].series.indices {
        let series = panels[place].series[index]
        guard case .slot(let slot) = series.tint, !series.name.isEmpty else { continue }
        var chosen = slots[series.name] ?? moved[slot]
        if chosen == nil, let other = looks[Look(slot: slot, dash: series.dash)], other != series.name {
          let taken = Set(slots.values).union(panels[place].series.compactMap(\.slot)).union(moved.values)
          chosen = (0...taken.count).first { !taken.contains($0) }
        }
        guard let chosen, chosen != slot else { continue }
        moved[slot] = chosen
        panels[place].series[index].tint = .slot(chosen)
        if series.dash == .solid { panels[place].series[index].dash = Dash(slot: chosen) }
      }
      for series in panels[place].series where !series.name.isEmpty {
        guard let slot = series.slot else { continue }
        slots[series.name] = slots[series.name] ?? slot
        looks[Look(slot: slot, dash: series.dash)] = looks[Look(slot: slot, dash: series.dash)] ?? series.name
      }
    }
  }

  /// What tells series apart.
  private struct Look: Hashable {
    let slot: Int
    let dash: Dash
  }
}

extension Chart.Series {
  /// The place of its color in the palette; nil for one that was given.
  fileprivate var slot: Int? { if case .slot(let slot) = tint { slot } else { nil } }
}
