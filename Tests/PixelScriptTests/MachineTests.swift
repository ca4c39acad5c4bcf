import PixelScript
import Testing

@Suite struct MachineTests {
  @Test(arguments: [
    ("1 + 2 * 3", "7"), ("7 // 2", "3"), ("-7 // 2", "-4"), ("-7 % 3", "2"), ("7 % -3", "-2"), ("2 ** 10", "1024"),
    ("1 / 4", "0.25"), ("\"a\" + \"b\"", "\"ab\""), ("\"ab\" * 2", "\"abab\""), ("[1] + [2]", "[1, 2]"),
    ("[0] * 3", "[0, 0, 0]"), ("1 < 2 < 3", "true"), ("1 < 3 < 2", "false"), ("not true", "false"),
    ("1 in [1, 2]", "true"), ("3 not in [1, 2]", "true"), ("\"b\" in \"abc\"", "true"), ("1 if true else 2", "1"),
    ("[1, 2, 3][1:]", "[2, 3]"), ("[1, 2, 3][::-1]", "[3, 2, 1]"), ("[1, 2, 3][-1]", "3"), ("\"hällo\"[1]", "\"ä\""),
    ("\"hello\"[1:3]", "\"el\""), ("{a: 1, \"b c\": 2}", "{a: 1, \"b c\": 2}"), ("{a: 1}.a", "1"),
    ("{a: 1}[\"a\"]", "1"), ("f\"x {1 + 1} {0.5:.2f}\"", "\"x 2 0.50\""), ("[1, [2]] == [1, [2]]", "true"),
    ("true and false", "false"), ("false or true", "true"), ("0xff", "255"), ("1e21", "1e+21"), ("-0.5", "-0.5"),
    ("[10, 20, 30][[0, 2]]", "[10, 30]"), ("[10, 20, 30][[true, false, true]]", "[10, 30]"), ("answer", "42"),
    ("answer(add: 1)", "43"), ("fn sq(x) = x * x\nsq(5)", "25"), ("x = 3\nx += 4\nx", "7"),
    ("a, b = 1, 2\na, b = b, a\n[a, b]", "[2, 1]"),
    ("fn f(a, b: 2) = a + b\n[f(1), f(1, 5), f(1, b: 7), f(b: 1, a: 1)]", "[3, 6, 8, 2]"),
    ("fn outer(n) { fn inner(k) = k + n\n return inner }\nouter(10)(5)", "15"),
    ("fn fact(n) = 1 if n < 2 else n * fact(n - 1)\nfact(10)", "3628800"),
    ("xs = [1]\nys = xs\npush(ys, 2)\nxs", "[1, 2]"), ("xs = [3, 1]\nxs[0] = 9\nxs", "[9, 1]"),
    ("m = {}\nm.a = 1\nm[\"b\"] = 2\nm", "{a: 1, b: 2}"), ("s = 0\nfor i in range(10) { s += i }\ns", "45"),
    ("s = 0\nfor x in [1, 2, 3] { if x == 2 { continue }\n s += x }\ns", "4"),
    ("s = \"\"\nfor k, v in {a: 1, b: 2} { s += f\"{k}{v}\" }\ns", "\"a1b2\""),
    ("i = 0\nwhile i < 5 { i += 1\n if i == 3 { break } }\ni", "3"),
    ("try { raise \"no\" } catch e { x = e.message }\nx", "\"no\""),
    ("map([1, 2], fn(x) = x * 10)", "[10, 20]"), ("[1, 2].map(fn(x) = x + 1)", "[2, 3]"), ("[1, 2].len()", "2"),
    ("fn f() { return 1, 2 }\na, b = f()\na + b", "3"),
    ("fs = []\nfn add(k) { fs.push(fn(x) = x + k) }\nadd(1)\nadd(2)\n[fs[0](1), fs[1](1)]", "[2, 3]"),
    ("fn even(n) = true if n == 0 else odd(n - 1)\nfn odd(n) = false if n == 0 else even(n - 1)\neven(101)", "false"),
  ])
  func evaluates(source: String, echo: String) throws {
    #expect(try run(source).value?.echo == echo)
  }
}
