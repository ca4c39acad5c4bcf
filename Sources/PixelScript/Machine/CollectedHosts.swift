/// The host values that a collection meets, with what they hold: a model of layers may hold a function that holds the model.
@safe struct CollectedHosts {
  private var objects: [any ScriptObject] = []
  /// The objects once more: to count the references to one, none may be taken meanwhile.
  private var addresses: [Unmanaged<AnyObject>] = unsafe []
  private var places: [ObjectIdentifier: Int] = [:]
  /// The references to each from outside the candidates and the other hosts.
  private var outside: [Int] = []
  private var isReached: [Bool] = []

  /// Adds the object of a box, which is a reference to it from a candidate.
  mutating func add(boxed box: Slot) {
    let place = add(box.object(ObjectBox.self).object)
    outside[place] -= 1
  }

  /// The place of an object, which is new or known.
  private mutating func add(_ object: any ScriptObject) -> Int {
    let name = ObjectIdentifier(object)
    if let place = places[name] { return place }
    places[name] = objects.count
    objects.append(object)
    unsafe addresses.append(Unmanaged.passUnretained(object))
    outside.append(0)
    isReached.append(false)
    return objects.count - 1
  }

  /// Takes what hosts hold off the references to it; `held` gets each container that one holds, each time.
  mutating func countOutside(_ held: (Container) -> Void) {
    var place = 0
    while place < objects.count {
      let object = objects[place]
      object.forEachHeldValue { value in
        if case .object(let inner) = value { _ = add(inner) }
      }
      place += 1
    }
    // All but the one of `objects`.
    for place in outside.indices {
      outside[place] += unsafe addresses[place]._withUnsafeGuaranteedRef { Int(_getRetainCount($0)) } - 1
    }
    for object in objects {
      object.forEachHeldValue { value in
        if case .object(let inner) = value { outside[add(inner)] -= 1 }
        if let container = value.container { held(container) }
      }
    }
  }

  /// Hands over what the hosts hold that are held from outside.
  mutating func reachRoots(_ held: (Container) -> Void) {
    for place in outside.indices where outside[place] > 0 { reach(place, held) }
  }

  /// Hands over what the object of a box that was reached holds.
  mutating func reach(boxed box: Slot, _ held: (Container) -> Void) {
    if let place = places[ObjectIdentifier(box.object(ObjectBox.self).object)] { reach(place, held) }
  }

  private mutating func reach(_ place: Int, _ held: (Container) -> Void) {
    var pending = [place]
    while let place = pending.popLast() {
      if isReached[place] { continue }
      isReached[place] = true
      objects[place].forEachHeldValue { value in
        if case .object(let object) = value, let inner = places[ObjectIdentifier(object)] { pending.append(inner) }
        if let container = value.container { held(container) }
      }
    }
  }
}

extension Value {
  /// The list, map or function, or nil.
  fileprivate var container: Container? {
    switch self {
    case .list(let list): list
    case .map(let map): map
    case .function(let function): function
    default: nil
    }
  }
}
