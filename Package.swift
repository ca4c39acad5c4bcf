// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target: Swift 6 language mode, every pointer marked, every warning an error.
let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// Numeric and interpreter inner loops are 25 to 50 times slower unoptimised, so these targets are optimised in debug builds too.
let optimized: [SwiftSetting] = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// Tests that do no long or deep work of their own are not optimised, and read once only, which halves the time to build them.
let plain: [SwiftSetting] =
  strict + [.unsafeFlags(["-Onone", "-no-emit-module-separately-wmo"], .when(configuration: .release))]

/// Pages of documentation that `help` shows: the build writes them into the program, which finds them wherever it is copied.
func pages(_ folder: String, _ names: String...) -> [Resource] { names.map { .embedInCode("\(folder)/\($0).md") } }

let package = Package(
  name: "PixelBytes",
  products: [
    .executable(name: "pixelbytes", targets: ["pixelbytes"]),
    .library(name: "PixelBytes", targets: ["PixelBytes"]),
    .library(name: "PixelScript", targets: ["PixelScript"]),
    .library(name: "Tensors", targets: ["Tensors"]),
    .library(name: "Formats", targets: ["Formats"]),
    .library(name: "Workbench", targets: ["Workbench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // System libraries.
    .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CPNG", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(
      name: "CCompression",
      providers: [.apt(["libsnappy-dev", "libzstd-dev", "zlib1g-dev", "liblz4-dev", "libbrotli-dev"])]),
    .systemLibrary(name: "CDigest", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CGIF", providers: [.apt(["libgif-dev"])]),
    .systemLibrary(name: "CWebP", providers: [.apt(["libwebp-dev"])]),
    .systemLibrary(name: "CTIFF", providers: [.apt(["libtiff-dev"])]),
    .systemLibrary(name: "CJPEG", providers: [.apt(["libjpeg-dev"])]),
    .systemLibrary(name: "CSystem"),

    // Drawing on pages of PNG and PDF: cairo, which is opened when the first is drawn.
    .target(name: "CCairo", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),

    // How work learns that it must stop, in every layer.
    .target(name: "Safepoint", dependencies: ["CSystem"], swiftSettings: optimized),

    // Open MPI behind a few functions, and the processes that train one model together.
    .target(name: "CMPI", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),
    .target(name: "Ranks", dependencies: ["Safepoint", "CMPI"], swiftSettings: optimized),

    // Numbers and gradients.
    .target(
      name: "Kernels",
      cSettings: [.unsafeFlags(["-O3", "-ffp-contract=fast", "-fno-math-errno", "-Wall", "-Wextra", "-Werror"])]),
    .target(name: "Tensors", dependencies: ["Safepoint", "Kernels", "COpenBLAS"], swiftSettings: optimized),

    // Bytes to plain Swift values and back.
    .target(
      name: "Formats",
      dependencies: [
        "Safepoint", "CPNG", "CJPEG", "CGIF", "CWebP", "CTIFF", "CCairo", "CCompression", "CDigest", "CSystem",
      ],
      swiftSettings: optimized),

    // Data, tokens, models, training, generation, metrics.
    .target(
      name: "PixelBytes", dependencies: ["Safepoint", "Ranks", "Tensors", "Formats"], swiftSettings: optimized),

    // The language.
    .target(
      name: "PixelScript", dependencies: ["Safepoint", "CSystem"],
      resources: pages(
        "PixelScript.docc", "Tour", "Values", "Names", "Operators", "Strings", "ListsAndMaps", "Control", "Functions",
        "Errors",
        "CellsAndParameters", "ImportAndRun", "Commands", "Limits", "Grammar"),
      swiftSettings: optimized),

    // The notebook: commands, session, display.
    .target(
      name: "Workbench", dependencies: ["Safepoint", "Ranks", "PixelBytes", "PixelScript", "Tensors", "Formats"],
      resources: pages(
        "Workbench.docc", "Install", "FirstHour", "HowItWorks", "FromPython", "TensorIndexing", "Gradients", "Layers",
        "Data",
        "Pictures", "Plots", "Tables", "Sprites",
        "Tokens",
        "Models", "SmallModels",
        "Checkpoints", "TrainingOptions", "Resuming", "Ranks", "Runs", "Prompt", "Prompts", "Batch", "HandingOn",
        "Cells",
        "Latency", "MemoryBudgets", "Measuring", "Measured", "Notebooks", "Experiments", "Editors", "Extend",
        "NotThereYet"),
      swiftSettings: strict),

    // Line editing at the prompt: GNU readline behind a few functions.
    .target(
      name: "CReadline", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])],
      linkerSettings: [.linkedLibrary("readline")]),

    // What the program says when a mistake of its own ends it.
    .target(name: "CFault", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),

    // The program. Its folder is not named after it because a file system that ignores case could not tell it from PixelBytes.
    .executableTarget(
      name: "pixelbytes",
      dependencies: [
        "Safepoint", "Ranks", "Workbench", "PixelScript", "Formats", "CReadline", "CFault",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/Program", swiftSettings: strict),

    .executableTarget(
      name: "Benchmarks", dependencies: ["PixelBytes", "Tensors", "Formats", "PixelScript"], swiftSettings: strict),

    // Inputs for lexer, parser and machine, for the tests and for Scripts/fuzz.
    .target(name: "FuzzInputs", dependencies: ["PixelScript"], path: "Tests/FuzzInputs", swiftSettings: strict),
    .target(
      name: "FormatFuzz", dependencies: ["FuzzInputs", "Formats", "PixelBytes", "PixelScript", "Workbench"],
      path: "Tests/FormatFuzz", swiftSettings: strict),
    .target(
      name: "ParameterTrial", dependencies: ["FuzzInputs", "PixelScript", "Workbench"], path: "Tests/ParameterTrial",
      swiftSettings: strict),
    .executableTarget(
      name: "Fuzz", dependencies: ["FuzzInputs", "FormatFuzz", "ParameterTrial"], path: "Tests/Fuzz",
      swiftSettings: strict),

    // A program of somebody else, which sees of this package what is public.
    .executableTarget(
      name: "Client", dependencies: ["PixelBytes", "PixelScript", "Tensors", "Workbench"],
      path: "Tests/Client/Sources/Client", packageAccess: false, swiftSettings: strict),

    .testTarget(name: "TensorsTests", dependencies: ["Safepoint", "Tensors"], swiftSettings: strict),
    .testTarget(
      name: "FormatsTests", dependencies: ["Safepoint", "Formats", "FormatFuzz", "FuzzInputs"], exclude: ["Fixtures"],
      swiftSettings: plain),
    // Every family of models in plain loops, for the tests of the models.
    .target(name: "Twins", dependencies: ["PixelBytes", "Tensors"], path: "Tests/Twins", swiftSettings: strict),
    .testTarget(
      name: "PixelBytesTests", dependencies: ["Safepoint", "Ranks", "PixelBytes", "Tensors", "Formats", "Twins"],
      exclude: ["Fixtures"], swiftSettings: plain),
    .testTarget(
      name: "PixelScriptTests", dependencies: ["Safepoint", "PixelScript", "FuzzInputs"], swiftSettings: strict),
    .testTarget(
      name: "WorkbenchTests",
      dependencies: [
        "Safepoint", "Workbench", "PixelBytes", "PixelScript", "Tensors", "Formats", "FuzzInputs", "ParameterTrial",
      ],
      swiftSettings: plain),
    .testTarget(
      name: "ProgramTests", dependencies: ["Safepoint", "pixelbytes", "Client", "PixelScript", "Workbench"],
      swiftSettings: plain
    ),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17
)
