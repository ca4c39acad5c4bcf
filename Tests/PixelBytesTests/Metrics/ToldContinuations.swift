import PixelBytes
import Tensors

/// Goes on behind each prompt as told, and then with the token 40.
final class ToldContinuations: TokenModel {
  let parameters: [Parameter] = []
  let isConcurrent = false
  let tokenCount = 113
  private let told: [[UInt8]: [UInt8]]

  init(_ told: [[UInt8]: [UInt8]]) { self.told = told }

  func check(_ positions: Positions) {}

  func logits(_ contexts: ContextBatch, _ positions: Positions, in pass: Pass) -> Tensor {
    let length = contexts.length
    let rows = (0..<contexts.count).map { row -> [Float] in
      let tokens = Array(contexts.tokens[row * length..<(row + 1) * length])
      let known = told.first { tokens.starts(with: $0.key) }
      let place = length - (known?.key.count ?? 0)
      let next = known.map { place < $0.value.count ? $0.value[place] : 40 } ?? 40
      return (0..<tokenCount).map { $0 == next ? 1 : 0 }
    }
    return Tensor(rows.flatMap(\.self), [contexts.count, tokenCount])
  }
}
