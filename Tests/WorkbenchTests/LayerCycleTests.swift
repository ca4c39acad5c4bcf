import PixelScript
import Testing
import Workbench

/// Layers that hold functions and parts that lead back to them go when nothing else leads there.
@Suite struct LayerCycleTests {
  @Test(arguments: [
    "net = nil\nf = fn(x) = net(x)\nnet = sequential([linear(20, 20), f])",
    "p = {a: linear(20, 20)}\nnet = module(p, fn(p, x) = p.a(x))\np.net = [net]",
    "net = nil\nnet = module({a: linear(20, 20)}, fn(p, x) = net)\nother = [net, net.a]",
    "inner = nil\nf = fn(x) = inner(x)\ninner = sequential([f])\nnet = sequential([linear(20, 20), inner])\nxs = [net]",
    "xs = []\nf = fn(x) = xs\nnet = sequential([f, linear(20, 20)])\npush(xs, net)\npush(xs, {a: net})",
  ])
  func theyGo(script: String) throws {
    let session = Session(console: Console(write: { _ in }))
    let ring = "fn ring() {\n\(script)\nreturn net\n}\nkept = ring()\ni = 0"
    try #require(session.run(ring, name: "ring").diagnostics.isEmpty)
    let before = session.interpreter.memoryUsed
    try #require(session.run("for i in range(50) { ring() }\ni = 0", name: "rings").diagnostics.isEmpty)
    #expect(session.interpreter.memoryUsed == before)
  }

  @Test func whatIsKeptStillWorks() throws {
    let session = Session(console: Console(write: { _ in }))
    let script = """
      fn make() {
        xs = []
        f = fn(x) = x * len(xs)
        net = sequential([f])
        push(xs, net)
        push(xs, [f])
        return net
      }
      net = make()
      """
    try #require(session.run(script, name: "make").diagnostics.isEmpty)
    try #require(session.run("1", name: "more").diagnostics.isEmpty)
    #expect(session.run("assert to_list(net(tensor([1, 2]))) == [2, 4]", name: "use").diagnostics.isEmpty)
  }
}
