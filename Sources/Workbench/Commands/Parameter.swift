import PixelScript

/// The parameter of a command; said here because `Tensors` has another type of this name.
typealias Parameter<Wrapped: ScriptConvertible> = PixelScript.Parameter<Wrapped>
