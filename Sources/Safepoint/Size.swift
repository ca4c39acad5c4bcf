/// Arithmetic of sizes that came from outside: a result too large for a number is the largest number.
///
/// Sizes are 0 or more; a negative one counts as 0.
public enum Size {
  /// The product of two sizes.
  @inlinable public static func product(_ a: Int, _ b: Int) -> Int {
    guard a > 0, b > 0 else { return 0 }
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? .max : product
  }

  /// The product of sizes, 1 without any; 0 where one of them is 0, whatever the others.
  @inlinable public static func product(_ sizes: some Sequence<Int>) -> Int {
    var product = 1
    for size in sizes {
      guard size > 0 else { return 0 }
      product = Self.product(product, size)
    }
    return product
  }

  /// The sum of sizes.
  @inlinable public static func sum(_ sizes: some Sequence<Int>) -> Int {
    sizes.reduce(0) { sum, size in
      let (more, overflow) = sum.addingReportingOverflow(max(size, 0))
      return overflow ? .max : more
    }
  }
}
