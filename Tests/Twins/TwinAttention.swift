import Foundation
import PixelBytes

/// Whether the query at a position sees the key at another.
typealias Sees = (_ query: Int, _ key: Int) -> Bool

/// Attention (Vaswani et al. 2017), and where an Image Transformer looks (Parmar et al. 2018).
extension TwinWeights {
  /// softmax(q k / sqrt(depth)) v for every head over the keys that are seen, then out_proj.
  func attention(_ x: Rows, heads: Int, _ sees: Sees) -> Rows {
    let weight = matrix("in_proj_weight"), bias = values("in_proj_bias")
    let width = weight.columns, depth = width / heads
    func projected(_ part: Int) -> Rows {
      x.map { x in
        (part * width..<(part + 1) * width).map { row in
          var sum = bias[row]
          for column in 0..<width { sum += weight[row, column] * x[column] }
          return sum
        }
      }
    }
    let q = projected(0), k = projected(1), v = projected(2)
    let mixed = x.indices.map { query -> [Double] in
      let seen = x.indices.filter { sees(query, $0) }
      return (0..<heads).flatMap { head -> [Double] in
        let places = head * depth..<(head + 1) * depth
        let weights = seen.map { key -> Double in
          var product = 0.0
          for place in places { product += q[query][place] * k[key][place] }
          return exp(product / Double(depth).squareRoot())
        }
        let total = weights.reduce(0, +)
        return places.map { place in zip(seen, weights).reduce(0) { $0 + v[$1.0][place] * $1.1 / total } }
      }
    }
    return self["out_proj"].linear(mixed)
  }

  /// Attention and a feed-forward layer with ReLU: norms behind each sum as in PyTorch's encoder, or before each.
  func encoderLayer(_ x: Rows, heads: Int, normsFirst: Bool, _ sees: Sees) -> Rows {
    func feedForward(_ x: Rows) -> Rows {
      self["linear2"].linear(self["linear1"].linear(x).map { $0.map { max($0, 0) } })
    }
    if normsFirst {
      let y = x + self["self_attn"].attention(self["norm1"].layerNorm(x), heads: heads, sees)
      return y + feedForward(self["norm2"].layerNorm(y))
    }
    let y = self["norm1"].layerNorm(x + self["self_attn"].attention(x, heads: heads, sees))
    return self["norm2"].layerNorm(y + feedForward(y))
  }
}

extension ImageTransformerFamily {
  /// 1-D: the block of the query and `memory` positions before it. 2-D: the square block of the query, `memory` rows above
  /// it and `memory` columns left of it. Never what comes later.
  func twinSees(_ query: Int, _ key: Int) -> Bool {
    guard key <= query else { return false }
    guard local == .square else {
      let start = query - query % block
      return key >= start - memory
    }
    let (y, x) = query.quotientAndRemainder(dividingBy: row), (v, u) = key.quotientAndRemainder(dividingBy: row)
    let top = y - y % block, left = x - x % block
    return v >= top - memory && u >= left - memory && u < left + block
  }
}

/// sin(p / 10000^(2i / width)) and cos of the same, side by side.
func sinusoid(_ position: Int, width: Int) -> [Double] {
  (0..<width).map { place in
    let angle = Double(position) / pow(10_000, Double(place - place % 2) / Double(width))
    return place.isMultiple(of: 2) ? sin(angle) : cos(angle)
  }
}
