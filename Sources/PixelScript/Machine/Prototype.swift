/// A compiled function, or the compiled statements of a cell.
@safe final class Prototype {
  struct Parameter {
    let name: String
    let hasDefault: Bool
  }

  /// Where the operands of the instruction at a place stand.
  struct OperandSpans {
    let place: Int
    let left, right: Span
  }

  /// Where a closure finds a captured variable when it is made.
  enum Capture: Hashable {
    /// In a cell in a register of the function around it.
    case register(Int)
    /// Among the captures of the function around it.
    case capture(Int)
  }

  /// What the machine reads on each call: plain memory, without reference counting.
  @safe struct Header {
    let code: UnsafeMutablePointer<Instruction>
    let constants: UnsafeMutablePointer<Slot>
    let globals: UnsafeMutablePointer<Slot>
    let sites: UnsafeMutablePointer<Unmanaged<CallSite>>
    /// The command that each call site calls, so that a call need not look for it there.
    let commands: UnsafeMutablePointer<Unmanaged<CommandCall>?>
    let identity: Int
    /// The parameters, and how many of them a call must give at least by position.
    let parameterCount, requiredCount: Int
    /// The registers that a frame owns: all of a function's, the temporaries of a cell (its variables are the globals).
    let firstOwned: Int
    let registerCount: Int
    /// True when a frame must keep its function alive for the captures.
    let hasCaptures: Bool
    let prototype: Unmanaged<Prototype>

    /// True when a call with so many arguments by position, and none by name, needs no further look.
    @inline(__always) func takes(_ count: Int) -> Bool { count <= parameterCount && count >= requiredCount }
  }

  let name: String?
  let nameSpan: Span?
  /// Where the whole definition stands; nil of a cell.
  let definition: Span?
  let localNames: [String]
  let parameters: [Parameter]
  let source: SourceText
  let module: Module
  let spans: [Span]
  let operands: [OperandSpans]
  let sites: [CallSite]
  let formats: [FormatSpecification]
  let children: [Prototype]
  let captures: [Capture]
  /// The names of the captured variables.
  let captureNames: [String]
  /// The names from outside that it, and functions inside it, read or change.
  let outerNames: Set<String>
  let instructionCount: Int
  /// The variables of a module with the names of commands that its statements make.
  let shadows: [String]
  private let constantCount: Int
  let header: UnsafeMutablePointer<Header>

  init(_ parts: Parts, source: SourceText, module: Module) {
    name = parts.name
    nameSpan = parts.nameSpan
    definition = parts.definition
    localNames = parts.localNames
    parameters = parts.parameters
    self.source = source
    self.module = module
    spans = parts.spans
    operands = parts.operands
    sites = parts.sites
    formats = parts.formats
    children = parts.children
    captures = parts.captures
    captureNames = parts.captureNames
    outerNames = parts.outerNames
    shadows = parts.shadows
    instructionCount = parts.code.count
    constantCount = parts.constants.count
    let code = UnsafeMutablePointer<Instruction>.allocate(capacity: parts.code.count)
    for (place, instruction) in parts.code.enumerated() { unsafe (code + place).initialize(to: instruction) }
    let constants = UnsafeMutablePointer<Slot>.allocate(capacity: max(parts.constants.count, 1))
    for (place, value) in parts.constants.enumerated() {
      unsafe (constants + place).initialize(to: module.constant(value))
    }
    let sites = UnsafeMutablePointer<Unmanaged<CallSite>>.allocate(capacity: max(parts.sites.count, 1))
    let commands = UnsafeMutablePointer<Unmanaged<CommandCall>?>.allocate(capacity: max(parts.sites.count, 1))
    for (place, site) in parts.sites.enumerated() {
      site.share(in: module)
      unsafe (sites + place).initialize(to: .passUnretained(site))
      unsafe (commands + place).initialize(to: site.command)
    }
    let required = parts.parameters.lastIndex { !$0.hasDefault }.map { $0 + 1 } ?? 0
    unsafe header = .allocate(capacity: 1)
    unsafe header.initialize(
      to: Header(
        code: code, constants: constants, globals: module.slots, sites: sites, commands: commands,
        identity: module.heap.newIdentity(),
        parameterCount: parts.parameters.count, requiredCount: required, firstOwned: parts.firstOwned,
        registerCount: parts.registerCount, hasCaptures: !parts.captures.isEmpty,
        prototype: Unmanaged.passUnretained(self)))
    module.heap.add(cost)
    if self.sites.contains(where: { $0.commandName != nil }) { module.add(caller: self) }
  }

  deinit {
    module.remove(caller: self)
    unsafe Teardown.release(header.pointee.constants, count: constantCount)
    unsafe header.pointee.constants.deallocate()
    unsafe header.pointee.code.deallocate()
    unsafe header.pointee.sites.deallocate()
    unsafe header.pointee.commands.deallocate()
    unsafe header.deallocate()
    module.heap.remove(cost)
  }

  /// About what its code, spans and names take.
  private var cost: Int { 512 + instructionCount * 40 + constantCount * 64 }

  /// What the compiler hands over.
  struct Parts {
    var name: String?
    /// The names of the variables of the function and of those around it.
    var localNames: [String] = []
    /// Where the name stands in the definition.
    var nameSpan: Span?
    var definition: Span?
    var parameters: [Parameter] = []
    var code: [Instruction] = []
    var spans: [Span] = []
    /// Where the operands of instructions stand, in the order of the instructions.
    var operands: [OperandSpans] = []
    var constants: [Value] = []
    var sites: [CallSite] = []
    var formats: [FormatSpecification] = []
    var children: [Prototype] = []
    var captures: [Capture] = []
    var outerNames: Set<String> = []
    var captureNames: [String] = []
    var firstOwned = 0
    var registerCount = 0
    /// The variables of a module with the names of commands that its statements make.
    var shadows: [String] = []
  }

  /// The definition, for errors about calls; nil for a function without a name.
  var origin: ScriptError.Origin? {
    guard let name, let nameSpan else { return nil }
    let list = parameters.map { "`\($0.name)`" }.joined(separator: ", ")
    return .init(
      location: Location(source, nameSpan),
      text: "`\(name)` takes \(list.isEmpty ? "no arguments" : list)")
  }

  /// The span of the instruction before `next`, the one that runs.
  func span(before next: UnsafeMutablePointer<Instruction>) -> Span {
    let place = unsafe next - header.pointee.code - 1
    return spans[min(max(place, 0), spans.count - 1)]
  }

  /// Where the operands of the instruction before `next` stand, when they are two; a jump may lie behind a comparison.
  func operands(before next: UnsafeMutablePointer<Instruction>) -> [Span] {
    let place = unsafe next - header.pointee.code - 1
    var (low, high) = (0, operands.count)
    while low < high {
      let middle = (low + high) / 2
      if operands[middle].place < place { low = middle + 1 } else { high = middle }
    }
    guard low < operands.count, operands[low].place == place else { return [] }
    return [operands[low].left, operands[low].right]
  }

  /// The call site of the instruction before `next`, when that is a call.
  func site(before next: UnsafeMutablePointer<Instruction>) -> CallSite? {
    guard unsafe next > header.pointee.code else { return nil }
    let instruction = unsafe next[-1]
    switch instruction.operation {
    case .call, .callGlobal, .callCell, .callCapture, .callCommand, .callMethod, .callShadowed:
      return sites[Int(instruction.c)]
    case .length, .append, .quick: return sites[Int(instruction.c)]
    default: return nil
    }
  }
}
