/// A compiled function.
final class Prototype {
  struct Parameter {
    let name: String
    let hasDefault: Bool
  }

  let name: String?
  let parameters: [Parameter]

  init(name: String?, parameters: [Parameter]) {
    self.name = name
    self.parameters = parameters
  }
}
