// swift-tools-version: 6.2
import PackageDescription

/// A package that stands on PixelBytes, as one of yours would: `swift run --package-path Tests/Client -c release`.
let package = Package(
  name: "Client",
  dependencies: [.package(name: "PixelBytes", path: "../..")],
  targets: [
    .executableTarget(
      name: "Client",
      dependencies: ["PixelBytes", "PixelScript", "Tensors", "Workbench"].map {
        .product(name: $0, package: "PixelBytes")
      })
  ],
  swiftLanguageModes: [.v6]
)
