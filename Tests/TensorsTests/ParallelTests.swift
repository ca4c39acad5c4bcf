import Safepoint
import Tensors
import Testing

/// Work spread over threads: the results, the order in which they are joined, and how it ends.
@Suite struct ParallelTests {
  private func joined(_ count: Int, threads: Int) throws -> String? {
    try Parallel.joined(count, threads: threads) {
      "\($0)"
    } _: {
      $0 = "(\($0) \($1))"
    }
  }

  @Test(arguments: [
    (1, "0"), (2, "(0 1)"), (3, "((0 1) 2)"), (4, "((0 1) (2 3))"), (5, "(((0 1) (2 3)) 4)"),
    (6, "(((0 1) (2 3)) (4 5))"), (7, "(((0 1) (2 3)) ((4 5) 6))"), (9, "((((0 1) (2 3)) ((4 5) (6 7))) 8)"),
  ]) func neighborsAreJoinedFirst(_ tree: (count: Int, text: String)) throws {
    for threads in 1...4 { #expect(try joined(tree.count, threads: threads) == tree.text) }
  }

  @Test func nothingIsJoinedToNothing() throws { #expect(try joined(0, threads: 2) == nil) }

  @Test func theTreeIsTheSameForAnyThreads() throws {
    for count in 10...70 {
      let once = try joined(count, threads: 1)
      for threads in 2...5 { #expect(try joined(count, threads: threads) == once) }
    }
  }

  @Test func fewValuesWaitAtOnce() {
    #expect(Parallel.held(0, threads: 2) == 0 && Parallel.held(1, threads: 1) == 1 && Parallel.held(8, threads: 2) == 8)
    #expect(Parallel.held(1024, threads: 1) == 22 && Parallel.held(1024, threads: 4) == 55)
  }

  @Test(arguments: 1...4) func theLowestErrorIsThrown(_ threads: Int) throws {
    struct Fault: Error, Equatable { let index: Int }
    #expect(throws: Fault(index: 3)) {
      try Parallel.map(20, threads: threads) { if $0 % 8 == 3 { throw Fault(index: $0) } }
    }
    #expect(throws: Fault(index: 3)) {
      try Parallel.joined(20, threads: threads) {
        if $0 % 8 == 3 { throw Fault(index: $0) }
      } _: { _, _ in
      }
    }
    #expect(try Parallel.map(20, threads: threads) { $0 * $0 } == (0..<20).map { $0 * $0 })
  }

  @Test(arguments: 1...2) func itEndsWhenItMustStop(_ threads: Int) {
    let watch = Watch(Interruption())
    watch.interruption.request()
    Safepoint.$watch.withValue(watch) {
      #expect(throws: Stopped.self) { try joined(4, threads: threads) }
    }
  }
}
