import CDigest

/// The SHA-256 of bytes that come piece by piece (FIPS 180-4), worked out by OpenSSL.
@safe public struct SHA256: ~Copyable {
  private let context: OpaquePointer

  /// Starts with no bytes.
  public init() {
    guard let context = unsafe EVP_MD_CTX_new(), unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("OpenSSL has no SHA-256")
    }
    unsafe self.context = context
  }

  deinit { unsafe EVP_MD_CTX_free(context) }

  /// Adds bytes behind those before.
  public func update(_ bytes: [UInt8]) { unsafe EVP_DigestUpdate(context, bytes, bytes.count) }

  /// The digest of all bytes, 64 hexadecimal digits.
  public consuming func finish() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    unsafe EVP_DigestFinal_ex(context, &digest, nil)
    let digits = Array("0123456789abcdef")
    return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  /// The digest of bytes that are all there.
  public static func digest(of bytes: [UInt8]) -> String {
    let hash = SHA256()
    hash.update(bytes)
    return hash.finish()
  }
}
