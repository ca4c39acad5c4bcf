import Testing

/// Every operator beside every other one, grouped as the table of the language says.
@Suite struct PrecedenceTests {
  /// From the loosest to the tightest, as LANGUAGE.md has them; what stands before its operand is not here.
  private static let levels = [
    ["or"], ["and"], ["==", "!=", "<", "<=", ">", ">=", "in", "not in"], ["|"], ["^"], ["&"], ["+", "-"],
    ["*", "/", "//", "%", "@"], ["**"],
  ]
  private static let comparisons = 2
  static let operators = levels.joined().map(\.self)

  private static func level(_ sign: String) -> Int { levels.firstIndex { $0.contains(sign) } ?? -1 }

  private static func tree(_ left: String, _ sign: String, _ right: String) -> String {
    level(sign) == comparisons ? "(compare \(left) \(sign) \(right))" : "(\(sign) \(left) \(right))"
  }

  /// What `a first b second c` means.
  private static func pair(_ first: String, _ second: String) -> String {
    let (left, right) = (level(first), level(second))
    if left == comparisons, right == comparisons { return "(compare a \(first) b \(second) c)" }
    if left > right || left == right && first != "**" { return tree(tree("a", first, "b"), second, "c") }
    return tree("a", first, tree("b", second, "c"))
  }

  @Test(arguments: operators)
  func pairsGroupAsTheTableSays(first: String) throws {
    for second in Self.operators {
      #expect(try SyntaxPrinter.text("a \(first) b \(second) c") == Self.pair(first, second))
    }
  }

  @Test(arguments: operators)
  func threeOfAKindGroup(sign: String) throws {
    let expected =
      switch sign {
      case "**": "(** a (** b (** c d)))"
      case _ where Self.level(sign) == Self.comparisons: "(compare a \(sign) b \(sign) c \(sign) d)"
      default: "(\(sign) (\(sign) (\(sign) a b) c) d)"
      }
    #expect(try SyntaxPrinter.text("a \(sign) b \(sign) c \(sign) d") == expected)
  }

  /// A minus holds tighter than all but a power; `not` looser than all but `and` and `or`.
  @Test(arguments: operators)
  func whatStandsBeforeItsOperand(sign: String) throws {
    let whole = Self.tree("a", sign, "b")
    #expect(try SyntaxPrinter.text("-a \(sign) b") == (sign == "**" ? "(- \(whole))" : Self.tree("(- a)", sign, "b")))
    #expect(try SyntaxPrinter.text("a \(sign) -b") == Self.tree("a", sign, "(- b)"))
    #expect(try SyntaxPrinter.text("a \(sign) -b ** c") == Self.tree("a", sign, "(- (** b c))"))
    let isLogical = Self.level(sign) < Self.comparisons
    let negated = isLogical ? Self.tree("(not a)", sign, "b") : "(not \(whole))"
    #expect(try SyntaxPrinter.text("not a \(sign) b") == negated)
    if isLogical { #expect(try SyntaxPrinter.text("a \(sign) not b") == Self.tree("a", sign, "(not b)")) }
  }

  @Test(arguments: operators)
  func theChoiceIsLoosest(sign: String) throws {
    let (first, second, third) = (Self.tree("a", sign, "b"), Self.tree("c", sign, "d"), Self.tree("e", sign, "f"))
    #expect(try SyntaxPrinter.text("a \(sign) b if c \(sign) d else e \(sign) f") == "(? \(second) \(first) \(third))")
    #expect(try SyntaxPrinter.text("a if b else c if d else e \(sign) f") == "(? b a (? d c \(third)))")
  }

  @Test(arguments: operators)
  func callsIndicesAndFieldsAreTightest(sign: String) throws {
    let expected = Self.tree("(call a 1)", sign, "(index (. b c) [2])")
    #expect(try SyntaxPrinter.text("a(1) \(sign) b.c[2]") == expected)
    #expect(try SyntaxPrinter.text("(a \(sign) b).c") == "(. \(Self.tree("a", sign, "b")) c)")
  }

  @Test(arguments: ["+", "-", "*", "/"])
  func assignmentsTakeAllThatFollows(sign: String) throws {
    #expect(try SyntaxPrinter.text("x \(sign)= a or b") == "(\(sign)= x (or a b))")
    #expect(try SyntaxPrinter.text("x \(sign)= a - b - c") == "(\(sign)= x (- (- a b) c))")
    #expect(try SyntaxPrinter.text("x \(sign)= a if b else c") == "(\(sign)= x (? b a c))")
  }
}
