import Foundation
import PixelScript

/// The ticks of an axis, and what all their labels leave out.
struct ChartTicks: Equatable {
  /// A tick with its label, and the power of ten, and what stands before it, that are better written as such.
  struct Tick: Equatable {
    let value: Double
    let label: String
    var factor = 1
    var exponent: Int?
  }

  /// From low to high.
  var all: [Tick] = []
  /// What is added to each label, as `+1e8`, or the day of times.
  var context: String?
}

extension ChartScale {
  /// The ticks of an axis with room for `most` and one: at dates, at powers of ten of a logarithmic axis, else at multiples of 1, 2 or 5 times
  /// one; but where few numbers are drawn along it, which have room and short labels and these miss, at those.
  ///
  /// Of so many that their labels do not `fit`, fewer; of fewer than `least` more, where there are so many.
  func ticks(
    _ most: Int, atLeast least: Int = 0, fit: ([ChartTicks.Tick]) -> Bool = { _ in true }
  ) -> ChartTicks {
    var count = max(most, 1)
    var ticks = ticks(for: count)
    while count > 1, !fit(ticks.all) {
      count -= 1
      ticks = self.ticks(for: count)
    }
    guard ticks.all.count < least else { return ticks }
    return (most + 1..<most + 10).lazy.map(self.ticks(for:)).first { $0.all.count >= least && fit($0.all) } ?? ticks
  }

  private func ticks(for count: Int) -> ChartTicks {
    if isTime { return moments(count) }
    let usual = isLogarithmic ? powers(count) : multiples(count)
    return ticksAtPlaces(count, unlike: usual.all).map { ChartTicks(all: $0) } ?? usual
  }

  private func ticksAtPlaces(_ count: Int, unlike usual: [ChartTicks.Tick]) -> [ChartTicks.Tick]? {
    let inside = places.filter(holds)
    let shares = inside.map(share).sorted()
    guard inside.count > 1, zip(shares, shares.dropFirst()).allSatisfy({ $1 - $0 >= 0.8 / Double(max(count, 1)) }),
      !shares.allSatisfy({ place in usual.contains { abs(share($0.value) - place) < 1e-6 } })
    else { return nil }
    let labels = PlotPlaces.labels(inside, digits: 4)
    guard labels.allSatisfy({ $0.count <= 7 }), Set(labels).count == labels.count else { return nil }
    return zip(inside, labels).map { ChartTicks.Tick(value: $0, label: $1) }
  }

  /// Whether a value lies between the ends.
  private func holds(_ value: Double) -> Bool { (-1e-9...1 + 1e-9).contains(share(value)) }

  /// Labels longer than this leave out what they share.
  private static let longestLabel = 7

  private func multiples(_ count: Int) -> ChartTicks {
    let size = max(abs(low), abs(high))
    let parts = Double(max(count, 1))
    // Numbers this far from 0 that lie nearer to each other are not told apart.
    let rough = max(high / parts - low / parts, isWhole ? 1 : 0, 4 * size.ulp)
    let power = pow(10, floor(log10(rough)))
    let steps = [1, 2, 5, 10].map { $0 * power }.filter(\.isFinite)
    guard power > 0, let step = steps.first(where: { $0 >= rough * 0.999_999 }) ?? steps.last else {
      return ChartTicks()
    }
    let first = (low / step - 1e-9).rounded(.up)
    let last = (high / step + 1e-9).rounded(.down)
    guard last >= first, last - first <= 10_000 else { return ChartTicks() }
    let counts = Array(stride(from: first, through: last, by: 1))
    let form = NumberForm(step: step, size: size)
    let labels = counts.map { form.text($0 * step) }
    if labels.contains(where: { $0.count > Self.longestLabel }) {
      if let (left, number) = Self.shared(first, last, step) {
        let form = NumberForm(step: step, size: max(abs(first - left), abs(last - left)) * step)
        return ChartTicks(
          all: counts.map { .init(value: $0 * step, label: form.text(($0 - left) * step)) },
          context: Self.added(number))
      }
    }
    return ChartTicks(all: zip(counts, labels).map { .init(value: $0 * step, label: $1) })
  }

  /// What all ticks share, in steps and as a number: the roundest number among them, or the digits in front; four digits at least, since
  /// fewer are written faster than explained.
  private static func shared(_ first: Double, _ last: Double, _ step: Double) -> (steps: Double, number: Double)? {
    if last <= 0 { return first < 0 ? shared(-last, -first, step).map { (-$0.steps, -$0.number) } : nil }
    guard first > 0 else { return nil }
    let least = log10(max(last - first, 1) * step).rounded(.up)
    for exponent in stride(from: min(least + 15, 308), through: least, by: -1) {
      let steps = max((pow(10, exponent) / step).rounded(), 1)
      var digits = (last / steps).rounded(.down)
      if digits * steps < first {
        guard exponent == least else { continue }
        digits = (first / steps).rounded(.down)
      }
      guard digits * pow(10, exponent - least) >= 1000, digits * steps < 0x1p53,
        let number = Double("\(Int(digits))e\(Int(exponent))")
      else { return nil }
      return (digits * steps, number)
    }
    return nil
  }

  /// A number with its sign, in its digits or with an exponent, whichever is shorter.
  private static func added(_ number: Double) -> String {
    var texts = [Display.text(of: abs(number))]
    if let short = (0..<17).lazy.map({ String(format: "%.\($0)e", abs(number)) }).first(where: {
      Double($0) == abs(number)
    }) {
      texts.append(short.replacing("e+0", with: "e").replacing("e+", with: "e"))
    }
    return (number < 0 ? "-" : "+") + (texts.min { $0.count < $1.count } ?? "")
  }

  private func powers(_ count: Int) -> ChartTicks {
    let (first, last) = (Int((start - 1e-9).rounded(.up)), Int((start + length + 1e-9).rounded(.down)))
    let room = max(count, 1)
    if last - first >= 2 || last > first && room == 1 {
      let step = max((last - first + room - 1) / room, 1)
      return ChartTicks(all: stride(from: first, through: last, by: step).map { tick(1, $0) })
    }
    // Fewer than three powers: also what lies between, as far as there is room, so that no part of the axis is without a label.
    var candidates = [Array(1...9), [1, 2, 5], [1, 3]].map {
      ChartTicks(all: ticks($0, from: first - 1, to: max(last, first - 1)))
    }
    if length < 1 { candidates.append(multiples(count)) }
    let fitting = candidates.filter { ticks in
      let shares = ticks.all.map { share($0.value) }
      let haveRoom = zip(shares, shares.dropFirst()).allSatisfy { abs($1 - $0) * Double(room) >= 0.35 }
      return shares.count <= room + 1 && haveRoom && shares.count > (last > first ? 1 : 2)
    }
    if let best = fitting.min(by: { gap($0) < gap($1) - 1e-9 }) { return best }
    let between = multiples(count)
    return between.all.count >= 2 || last < first
      ? between : ChartTicks(all: (first...last).map { tick(1, $0) })
  }

  /// The longest part of the axis between its ends and the ticks, as a share.
  private func gap(_ ticks: ChartTicks) -> Double {
    let shares = [0] + ticks.all.map { share($0.value) }.sorted() + [1]
    return zip(shares, shares.dropFirst()).map { $1 - $0 }.max() ?? 1
  }

  private func ticks(_ factors: [Int], from first: Int, to last: Int) -> [ChartTicks.Tick] {
    (first...last).flatMap { exponent in factors.map { tick($0, exponent) } }.filter { holds($0.value) }
  }

  private func tick(_ factor: Int, _ exponent: Int) -> ChartTicks.Tick {
    let value = Double("\(factor)e\(exponent)") ?? .nan
    guard abs(exponent) >= 4 else { return .init(value: value, label: Display.text(of: value)) }
    return .init(value: value, label: "\(factor)e\(exponent)", factor: factor, exponent: exponent)
  }

  /// What lies between the ticks of a logarithmic axis on which each power of ten has room.
  func valuesBetween(_ ticks: ChartTicks) -> [Double] {
    guard isLogarithmic, length <= 8 else { return [] }
    let (first, last) = (Int(start.rounded(.down)), Int((start + length).rounded(.down)))
    return self.ticks(Array(1...9), from: first, to: last).map(\.value).filter { value in
      !ticks.all.contains { $0.value == value }
    }
  }
}
