import Foundation

/// One piece of work written in the language, in Python and maybe in Lua, whose answer is known.
///
/// The texts define `work()`, which returns the answer; they are as alike as the languages allow and as people write them.
struct LanguageProgram: Sendable {
  /// The name to choose it by.
  let name: String
  /// What all must answer, as they print it.
  let answer: String
  let pixelscript: String
  let python: String
  var lua: String?

  /// Those written here, and those of Scripts/programs.
  static let all: [LanguageProgram] = [fib, loop, sieve, format, append, sort, closures] + files("Scripts/programs")

  /// The programs of a folder: a file for each language, the one in ours begins with the line `# answer: ...`.
  private static func files(_ folder: String) -> [LanguageProgram] {
    let found = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return found.filter { $0.hasSuffix(".pxb") }.sorted().compactMap { file in
      let name = String(file.dropLast(4))
      guard let ours = text("\(folder)/\(file)"), let python = text("\(folder)/\(name).py"),
        let first = ours.split(separator: "\n").first
      else { return nil }
      let answer = first.dropFirst("# answer: ".count)
      return LanguageProgram(
        name: name, answer: String(answer), pixelscript: ours, python: python, lua: text("\(folder)/\(name).lua"))
    }
  }

  private static func text(_ path: String) -> String? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    return text
  }

  private static let fib = LanguageProgram(
    name: "fib", answer: "2178309",
    pixelscript: """
      fn fib(n) {
        if n < 2 { return n }
        return fib(n - 1) + fib(n - 2)
      }
      fn work() = fib(32)
      """,
    python: """
      def fib(n):
          if n < 2: return n
          return fib(n - 1) + fib(n - 2)
      def work(): return fib(32)
      """,
    lua: """
      local function fib(n)
        if n < 2 then return n end
        return fib(n - 1) + fib(n - 2)
      end
      function work() return fib(32) end
      """)

  private static let loop = LanguageProgram(
    name: "loop", answer: "13333334",
    pixelscript: """
      fn work() {
        s = 0
        for i in range(10000000) {
          if i % 3 == 0 { s += 2 } else { s += 1 }
        }
        return s
      }
      """,
    python: """
      def work():
          s = 0
          for i in range(10000000):
              if i % 3 == 0: s += 2
              else: s += 1
          return s
      """,
    lua: """
      function work()
        local s = 0
        for i = 0, 9999999 do
          if i % 3 == 0 then s = s + 2 else s = s + 1 end
        end
        return s
      end
      """)

  private static let sieve = LanguageProgram(
    name: "sieve", answer: "148933",
    pixelscript: """
      fn work() {
        n = 2000000
        prime = [true] * (n + 1)
        i = 2
        while i * i <= n {
          if prime[i] {
            for j in range(i * i, n + 1, i) { prime[j] = false }
          }
          i += 1
        }
        count = 0
        for i in range(2, n + 1) { if prime[i] { count += 1 } }
        return count
      }
      """,
    python: """
      def work():
          n = 2000000
          prime = [True] * (n + 1)
          i = 2
          while i * i <= n:
              if prime[i]:
                  for j in range(i * i, n + 1, i): prime[j] = False
              i += 1
          count = 0
          for i in range(2, n + 1):
              if prime[i]: count += 1
          return count
      """,
    lua: """
      function work()
        local n = 2000000
        local prime = {}
        for i = 0, n do prime[i] = true end
        local i = 2
        while i * i <= n do
          if prime[i] then
            for j = i * i, n, i do prime[j] = false end
          end
          i = i + 1
        end
        local count = 0
        for i = 2, n do if prime[i] then count = count + 1 end end
        return count
      end
      """)

  private static let format = LanguageProgram(
    name: "format", answer: "7000",
    pixelscript: """
      fn work() {
        counts = {}
        for i in range(600000) {
          key = f"sprite {i % 1000}: {i % 7 / 8:.2f}"
          if key in counts { counts[key] += 1 } else { counts[key] = 1 }
        }
        return len(counts)
      }
      """,
    python: """
      def work():
          counts = {}
          for i in range(600000):
              key = f"sprite {i % 1000}: {i % 7 / 8:.2f}"
              if key in counts: counts[key] += 1
              else: counts[key] = 1
          return len(counts)
      """,
    lua: """
      function work()
        local counts, n = {}, 0
        for i = 0, 599999 do
          local key = string.format("sprite %d: %.2f", i % 1000, i % 7 / 8)
          if counts[key] then counts[key] = counts[key] + 1 else counts[key] = 1; n = n + 1 end
        end
        return n
      end
      """)
}

extension LanguageProgram {
  private static let append = LanguageProgram(
    name: "append", answer: "1000000",
    pixelscript: """
      fn work() {
        xs = []
        for i in range(1000000) { push(xs, i) }
        return len(xs)
      }
      """,
    python: """
      def work():
          xs = []
          for i in range(1000000): xs.append(i)
          return len(xs)
      """,
    lua: """
      function work()
        local xs = {}
        for i = 0, 999999 do table.insert(xs, i) end
        return #xs
      end
      """)

  private static let sort = LanguageProgram(
    name: "sort", answer: "1076241927 989340000",
    pixelscript: """
      fn work() {
        xs = []
        x = 1
        for i in range(300000) {
          x = x * 16807 % 2147483647
          push(xs, x)
        }
        ys = sorted(xs)
        zs = sorted(xs, by: fn(x) = x % 1000)
        return f"{ys[150000]} {zs[0]}"
      }
      """,
    python: """
      def work():
          xs = []
          x = 1
          for i in range(300000):
              x = x * 16807 % 2147483647
              xs.append(x)
          ys = sorted(xs)
          zs = sorted(xs, key=lambda x: x % 1000)
          return f"{ys[150000]} {zs[0]}"
      """,
    lua: """
      function work()
        local xs, x = {}, 1
        for i = 1, 300000 do
          x = x * 16807 % 2147483647
          xs[i] = x
        end
        local place = {}
        for i, x in ipairs(xs) do place[x] = i end
        local ys, zs = table.move(xs, 1, #xs, 1, {}), table.move(xs, 1, #xs, 1, {})
        table.sort(ys)
        table.sort(zs, function(a, b)
          local p, q = a % 1000, b % 1000
          return p < q or p == q and place[a] < place[b]
        end)
        return string.format("%d %d", ys[150001], zs[1])
      end
      """)

  private static let closures = LanguageProgram(
    name: "closures", answer: "999985",
    pixelscript: """
      fn add(k) = fn(x) = x + k
      fn twice(f) = fn(x) = f(f(x))
      fn work() {
        f = twice(twice(add(3)))
        s = 0
        for i in range(500000) { s = f(s) % 1000003 }
        return s
      }
      """,
    python: """
      def add(k): return lambda x: x + k
      def twice(f): return lambda x: f(f(x))
      def work():
          f = twice(twice(add(3)))
          s = 0
          for i in range(500000): s = f(s) % 1000003
          return s
      """,
    lua: """
      local function add(k) return function(x) return x + k end end
      local function twice(f) return function(x) return f(f(x)) end end
      function work()
        local f = twice(twice(add(3)))
        local s = 0
        for i = 1, 500000 do s = f(s) % 1000003 end
        return s
      end
      """)
}
