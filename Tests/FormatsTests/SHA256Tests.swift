import Formats
import Testing

/// The examples of FIPS 180-4.
@Suite struct SHA256Tests {
  @Test func givesTheDigestsOfTheStandard() {
    func digest(_ text: String) -> String { SHA256.digest(of: Array(text.utf8)) }
    #expect(digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    let parts = SHA256()
    for _ in 0..<1000 { parts.update(.init(repeating: UInt8(ascii: "a"), count: 1000)) }
    #expect(parts.finish() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }
}
