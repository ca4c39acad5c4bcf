/// Finds the names that a function or a cell assigns, reads and changes, and those that functions inside it read from outside.
struct NameCollector {
  /// Whether it follows what happens to values too, for those who ask where a name stands, what it needs and what changes it; code
  /// is made of the names alone.
  private let followsValues: Bool
  /// What the functions among the statements assign and read, as the code of each asks for it again.
  private(set) var functions: [ObjectIdentifier: NameCollector] = [:]
  /// The names that become variables of the function, in order.
  private(set) var assigned: [String] = []
  private var known: Set<String> = []
  /// The names read, by the function itself and by functions inside it.
  private(set) var read: Set<String> = []
  /// Where those stand first that can be nothing else than names.
  private(set) var places: [String: Span] = [:]
  /// The names that functions inside it read and do not have themselves.
  private(set) var readInside: Set<String> = []
  /// The names read where nothing before has certainly given them a value.
  private(set) var needed: Set<String> = []
  /// The names whose values get another part, by themselves or by functions inside.
  private(set) var changed: Set<String> = []
  /// The variables that calls are given.
  private(set) var handed: Set<Script.Names.Handed> = []
  /// The names that `outer` names here, which are variables from outside.
  private var declared: Set<String> = []
  /// The names that functions inside assign as variables from outside them.
  private var outerInside: Set<String> = []
  /// The variables from outside that the function, or one inside it, assigns.
  private var outer: Set<String> { declared.union(outerInside.subtracting(known)) }
  /// The variables of these statements that functions inside them assign.
  var assignedInside: Set<String> { outerInside }
  /// True when the definitions of another script come in, whose names are not known here.
  private(set) var takesNames = false
  /// The names that have a value here whatever ran, in the order in which they got it.
  private var certain: [String] = []
  private var isCertain: Set<String> = []
  /// The variables of the comprehensions around the place that is walked.
  private var bound: [String] = []
  /// The names whose values, or parts of them, a variable may hold.
  private var origins: [String: Set<String>] = [:]
  /// Whether a function stands among the statements.
  private(set) var hasFunctions = false
  /// The names that are none of its own: those from outside a function.
  var free: Set<String> { read.subtracting(known) }

  private init(followsValues: Bool) { self.followsValues = followsValues }

  /// The names of a function: its parameters come first.
  static func collect(_ function: FunctionDefinition, followsValues: Bool) -> NameCollector {
    var collector = NameCollector(followsValues: followsValues)
    for parameter in function.parameters {
      collector.assign(parameter.name.text)
      parameter.defaultValue.map { collector.walk($0) }
    }
    switch function.body {
    case .expression(let expression): collector.walk(expression)
    case .block(let block): collector.walk(block.statements)
    }
    collector.follow()
    return collector
  }

  /// The names of statements outside any function.
  static func collect(_ statements: some Sequence<Statement>, followsValues: Bool = true) -> NameCollector {
    var collector = NameCollector(followsValues: followsValues)
    collector.walk(statements)
    collector.follow()
    for name in collector.outerInside.sorted() where collector.known.insert(name).inserted {
      collector.assigned.append(name)
    }
    return collector
  }

  private mutating func assign(_ name: String) {
    guard !declared.contains(name) else {
      changed.insert(name)
      return
    }
    if known.insert(name).inserted { assigned.append(name) }
    if followsValues, isCertain.insert(name).inserted { certain.append(name) }
  }

  /// The names that a comprehension binds and functions in it read, which its loops then put into cells.
  static func captured(in comprehension: Comprehension) -> Set<String> {
    var collector = NameCollector(followsValues: false)
    comprehension.parts.forEach { collector.walk($0) }
    return collector.readInside
  }

  /// Reads a name, where one stands at `place`; without one it may stand for something else.
  private mutating func read(_ name: String, at place: Span?) {
    guard !bound.contains(name) else { return }
    read.insert(name)
    if let place { note(name, at: place) }
    need(name)
  }

  private mutating func note(_ name: String, at place: Span) {
    if followsValues, places[name].map({ place.start < $0.start }) ?? true { places[name] = place }
  }

  private mutating func need(_ name: String) {
    if followsValues, !isCertain.contains(name) { needed.insert(name) }
  }

  /// Walks what may not run, so that no name certainly has a value by it.
  private mutating func walkPerhaps(_ block: Block, _ names: [Name] = []) {
    let before = certain.count
    names.forEach { assign($0.text) }
    walk(block.statements)
    for name in certain[before...] { isCertain.remove(name) }
    certain.removeSubrange(before...)
  }

  private mutating func enter(_ function: FunctionDefinition) {
    if let name = function.name { assign(name.text) }
    let inner = NameCollector.collect(function, followsValues: followsValues)
    let free = inner.read.subtracting(inner.known).subtracting(bound)
    readInside.formUnion(free)
    outerInside.formUnion(inner.outer.subtracting(bound))
    read.formUnion(free)
    guard followsValues else {
      functions[ObjectIdentifier(function)] = inner
      return
    }
    free.forEach { need($0) }
    for (name, place) in inner.places where free.contains(name) { note(name, at: place) }
    hasFunctions = true
    for name in inner.changed.subtracting(inner.known) { changed.formUnion(outside(name)) }
    for one in inner.handed where !inner.known.contains(one.name) {
      for name in outside(one.name) { handed.insert(Script.Names.Handed(command: one.command, name: name)) }
    }
  }

  /// The variables of a comprehension are its own.
  private mutating func walk(_ comprehension: Comprehension) {
    let outer = bound.count
    for clause in comprehension.clauses {
      switch clause {
      case .loop(let names, let values):
        walk(values)
        note(names, from: values)
        bound += names.map(\.text)
      case .condition(let condition): walk(condition)
      }
    }
    comprehension.key.map { walk($0) }
    walk(comprehension.value)
    bound.removeSubrange(outer...)
  }

  private mutating func walk(_ statements: some Sequence<Statement>) {
    for statement in statements { walk(statement) }
  }

  private mutating func walk(_ statement: Statement) {
    switch statement.kind {
    case .expression(let value), .raise(let value): walk(value)
    case .assignment(let targets, let values):
      values.forEach { walk($0) }
      targets.forEach { walk($0) }
      note(targets, from: values)
    case .augmentedAssignment(let target, _, let value):
      walk(value)
      note([target], from: [value])
      if case .name(let name) = target { read(name.text, at: name.span) }
      walk(target)
    case .conditional(let branches, let otherwise):
      for branch in branches {
        walk(branch.condition)
        walkPerhaps(branch.body)
      }
      otherwise.map { walkPerhaps($0) }
    case .whileLoop(let condition, let body):
      walk(condition)
      walkPerhaps(body)
    case .forLoop(let names, let values, let body):
      walk(values)
      note(names, from: values)
      walkPerhaps(body, names)
    case .tryCatch(let body, let error, let handler):
      walkPerhaps(body)
      walkPerhaps(handler, error.map { [$0] } ?? [])
    case .function(let function): enter(function)
    case .returnValues(let values): values.forEach { walk($0) }
    case .assertion(let condition, let message):
      walk(condition)
      message.map { walk($0) }
    case .importScript(let script):
      if let alias = script.alias { assign(alias.text) } else { takesNames = true }
    case .parameter(let declaration):
      walk(declaration.defaultValue)
      assign(declaration.name.text)
    case .help(let name): need(name.text)
    case .outer(let names):
      for name in names where !known.contains(name.text) {
        declared.insert(name.text)
        changed.insert(name.text)
        read.insert(name.text)
        note(name.text, at: name.span)
      }
    case .breakLoop, .continueLoop: break
    }
  }

  private mutating func walk(_ target: AssignmentTarget) {
    switch target {
    case .name(let name): assign(name.text)
    case .index(let base, let subscripts, _):
      change(base)
      subscripts.forEach { walk($0) }
    case .field(let base, _, _): change(base)
    }
  }

  /// A value gets another part, and with it the variables that it may be reached by.
  private mutating func change(_ base: Expression) {
    walk(base)
    guard followsValues else { return }
    for name in base.origins { changed.formUnion(outside(name)) }
  }

  private mutating func walk(_ subscripted: Subscript) {
    switch subscripted {
    case .position(let expression): walk(expression)
    case .rest: break
    case .slice(let start, let stop, let step, _): for part in [start, stop, step] { part.map { walk($0) } }
    }
  }

  private mutating func walk(_ expression: Expression) {
    switch expression.kind {
    case .nil, .bool, .number, .string: break
    case .name(let name): read(name, at: expression.span)
    case .interpolation(let parts): parts.forEach { walk($0) }
    case .list(let elements): elements.forEach { walk($0) }
    case .map(let entries):
      for entry in entries {
        walk(entry.key)
        walk(entry.value)
      }
    case .comprehension(let comprehension): walk(comprehension)
    case .unary(_, let operand), .field(let operand, _): walk(operand)
    case .binary(_, let left, let right), .logical(_, let left, let right):
      walk(left)
      walk(right)
    case .comparison(let first, let links):
      walk(first)
      for link in links { walk(link.right) }
    case .conditional(let condition, let value, let otherwise):
      for part in [condition, value, otherwise] { walk(part) }
    case .call(let call): walk(call)
    case .index(let base, let subscripts):
      walk(base)
      subscripts.forEach { walk($0) }
    case .function(let function): enter(function)
    }
  }

  /// Notes the variables that a call is given, or parts of them.
  private mutating func hand(_ argument: Expression, to command: String) {
    for origin in argument.origins {
      for name in outside(origin) { handed.insert(Script.Names.Handed(command: command, name: name)) }
    }
  }

  private mutating func walk(_ part: InterpolationPart) {
    guard case .value(let value, let style) = part else { return }
    walk(value)
    style.format?.forEach { walk($0) }
  }

  private mutating func walk(_ call: Call) {
    if followsValues { follow(call) }
    if case .field(_, let name) = call.callee.kind {
      // `x.f(a)` may mean a variable f, or a function in x.
      read(name.text, at: nil)
    }
    walk(call.callee)
    call.arguments.forEach { walk($0) }
    for argument in call.named { walk(argument.value) }
  }

  /// Notes what a call is given, and what may hold it from then on.
  private mutating func follow(_ call: Call) {
    let given = call.arguments + call.named.map(\.value)
    switch call.callee.kind {
    case .name(let name): for argument in given { hand(argument, to: name) }
    case .field(let receiver, let name):
      for argument in [receiver] + given { hand(argument, to: name.text) }
      for origin in receiver.origins { for argument in given { hand(argument, to: origin) } }
    default: for argument in given { hand(argument, to: Script.Names.Handed.unknown) }
    }
    // What is put into another value is reached by it.
    if let first = given.first { keep(given.dropFirst().flatMap(\.origins), in: first.origins) }
    if case .field(let receiver, _) = call.callee.kind { keep(given.flatMap(\.origins), in: receiver.origins) }
  }

  /// Notes that variables may hold what some values are or hold.
  private mutating func keep(_ values: some Sequence<String>, in names: Set<String>) {
    for name in names { origins[name, default: []].formUnion(values) }
  }

  private mutating func note(_ names: [Name], from values: Expression) {
    guard followsValues else { return }
    keep(values.origins, in: Set(names.map(\.text)))
  }

  private mutating func note(_ targets: [AssignmentTarget], from values: [Expression]) {
    guard followsValues else { return }
    let origins = values.flatMap(\.origins)
    for target in targets {
      switch target {
      case .name(let name): keep(origins, in: [name.text])
      case .index(let base, _, _), .field(let base, _, _): keep(origins, in: base.origins)
      }
    }
  }

  /// All names whose values some variables may hold, these included.
  private func followed(_ names: Set<String>) -> Set<String> {
    var (all, pending) = (names, Array(names))
    while let name = pending.popLast() {
      for origin in origins[name] ?? [] where all.insert(origin).inserted { pending.append(origin) }
    }
    return all
  }

  /// The variables that a name stands for: of one of a comprehension those whose elements it may be.
  private func outside(_ name: String) -> Set<String> {
    bound.contains(name) ? followed([name]).subtracting(bound) : [name]
  }

  /// Adds to the variables that are changed or handed on those whose values they may hold.
  private mutating func follow() {
    guard followsValues else { return }
    changed = followed(changed)
    for (command, some) in Dictionary(grouping: handed, by: \.command) {
      for name in followed(Set(some.map(\.name))) {
        handed.insert(Script.Names.Handed(command: command, name: name))
      }
    }
  }
}
