/// Finds the names that a function or a cell assigns, reads and changes, and those that functions inside it read from outside.
struct NameCollector {
  /// The names that become variables of the function, in order.
  private(set) var assigned: [String] = []
  private var known: Set<String> = []
  /// The names read, by the function itself and by functions inside it.
  private(set) var read: Set<String> = []
  /// Where those stand first that can be nothing else than names.
  private(set) var places: [String: Span] = [:]
  /// The names that functions inside it read and do not have themselves.
  private(set) var readInside: Set<String> = []
  /// The same of each function by its name, and under "" of all without one.
  private(set) var readByFunction: [String: Set<String>] = [:]
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

  /// The names of a function: its parameters come first.
  static func collect(_ function: FunctionDefinition) -> NameCollector {
    var collector = NameCollector()
    for parameter in function.parameters {
      collector.assign(parameter.name.text)
      parameter.defaultValue.map { collector.walk($0) }
    }
    switch function.body {
    case .expression(let expression): collector.walk(expression)
    case .block(let block): collector.walk(block.statements)
    }
    return collector
  }

  /// The names of statements outside any function.
  static func collect(_ statements: some Sequence<Statement>) -> NameCollector {
    var collector = NameCollector()
    collector.walk(statements)
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
    if isCertain.insert(name).inserted { certain.append(name) }
  }

  /// The names that a comprehension binds and functions in it read, which its loops then put into cells.
  static func captured(in comprehension: Comprehension) -> Set<String> {
    var collector = NameCollector()
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
    if places[name].map({ place.start < $0.start }) ?? true { places[name] = place }
  }

  private mutating func need(_ name: String) {
    if !isCertain.contains(name) { needed.insert(name) }
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
    let inner = NameCollector.collect(function)
    let free = inner.read.subtracting(inner.known).subtracting(bound)
    readInside.formUnion(free)
    readByFunction[function.name?.text ?? "", default: []].formUnion(free)
    readByFunction.merge(inner.readByFunction) { $0.union($1) }
    outerInside.formUnion(inner.outer.subtracting(bound))
    read.formUnion(free)
    free.forEach { need($0) }
    for (name, place) in inner.places where free.contains(name) { note(name, at: place) }
    changed.formUnion(inner.changed.subtracting(inner.known).subtracting(bound))
    handed.formUnion(inner.handed.filter { !inner.known.contains($0.name) })
  }

  /// The variables of a comprehension are its own.
  private mutating func walk(_ comprehension: Comprehension) {
    let outer = bound.count
    for clause in comprehension.clauses {
      switch clause {
      case .loop(let names, let values):
        walk(values)
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
    case .augmentedAssignment(let target, _, let value):
      walk(value)
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

  /// A value gets another part, and with it the variable that it is reached by.
  private mutating func change(_ base: Expression) {
    walk(base)
    if let name = Self.root(of: base) { changed.insert(name) }
  }

  /// The variable of which an expression is a part, or which it is.
  private static func root(of expression: Expression) -> String? {
    var root = expression
    while true {
      switch root.kind {
      case .index(let inner, _), .field(let inner, _): root = inner
      case .name(let name): return name
      default: return nil
      }
    }
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

  /// Notes the variable that a call is given, or a part of it.
  private mutating func hand(_ argument: Expression, to command: String) {
    guard let name = Self.root(of: argument), !bound.contains(name) else { return }
    handed.insert(Script.Names.Handed(command: command, name: name))
  }

  private mutating func walk(_ part: InterpolationPart) {
    guard case .value(let value, let style) = part else { return }
    walk(value)
    style.format?.forEach { walk($0) }
  }

  private mutating func walk(_ call: Call) {
    // `x.f(a)` may mean a variable f.
    if case .field(let receiver, let name) = call.callee.kind {
      read(name.text, at: nil)
      hand(receiver, to: name.text)
    } else if case .name(let name) = call.callee.kind {
      for argument in call.arguments + call.named.map(\.value) { hand(argument, to: name) }
    }
    walk(call.callee)
    call.arguments.forEach { walk($0) }
    for argument in call.named { walk(argument.value) }
  }
}
