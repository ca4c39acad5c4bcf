/// The pages of the language's documentation, which the build puts into the program.
package enum LanguagePages {
  /// The name of each page's file and its text, in the order of the contents.
  package static let all: [(file: String, text: [UInt8])] = [
    ("Tour", PackageResources.Tour_md),
    ("Values", PackageResources.Values_md), ("Names", PackageResources.Names_md),
    ("Operators", PackageResources.Operators_md), ("Strings", PackageResources.Strings_md),
    ("ListsAndMaps", PackageResources.ListsAndMaps_md), ("Control", PackageResources.Control_md),
    ("Functions", PackageResources.Functions_md), ("Errors", PackageResources.Errors_md),
    ("CellsAndParameters", PackageResources.CellsAndParameters_md),
    ("ImportAndRun", PackageResources.ImportAndRun_md), ("Commands", PackageResources.Commands_md),
    ("Limits", PackageResources.Limits_md), ("Grammar", PackageResources.Grammar_md),
  ]
}
