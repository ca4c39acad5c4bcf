import PixelScript

extension Guide {
  /// The documentation of the language and of its commands, which the build puts into the program.
  package static let shared = Guide(
    LanguagePages.all + [
      ("Install", PackageResources.Install_md),
      ("FirstHour", PackageResources.FirstHour_md), ("HowItWorks", PackageResources.HowItWorks_md),
      ("FromPython", PackageResources.FromPython_md),
      ("TensorIndexing", PackageResources.TensorIndexing_md), ("Gradients", PackageResources.Gradients_md),
      ("Layers", PackageResources.Layers_md), ("Data", PackageResources.Data_md),
      ("Pictures", PackageResources.Pictures_md), ("Plots", PackageResources.Plots_md),
      ("Tables", PackageResources.Tables_md),
      ("Sprites", PackageResources.Sprites_md),
      ("Tokens", PackageResources.Tokens_md), ("Models", PackageResources.Models_md),
      ("SmallModels", PackageResources.SmallModels_md),
      ("Checkpoints", PackageResources.Checkpoints_md), ("TrainingOptions", PackageResources.TrainingOptions_md),
      ("Resuming", PackageResources.Resuming_md), ("Ranks", PackageResources.Ranks_md),
      ("Runs", PackageResources.Runs_md), ("Measuring", PackageResources.Measuring_md),
      ("Measured", PackageResources.Measured_md),
      ("Notebooks", PackageResources.Notebooks_md), ("Experiments", PackageResources.Experiments_md),
      ("Prompt", PackageResources.Prompt_md), ("Prompts", PackageResources.Prompts_md),
      ("Batch", PackageResources.Batch_md), ("HandingOn", PackageResources.HandingOn_md),
      ("Cells", PackageResources.Cells_md), ("Editors", PackageResources.Editors_md),
      ("Latency", PackageResources.Latency_md),
      ("MemoryBudgets", PackageResources.MemoryBudgets_md), ("Extend", PackageResources.Extend_md),
      ("NotThereYet", PackageResources.NotThereYet_md),
    ])
}
