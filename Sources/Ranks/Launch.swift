/// How this process was started among others, as the environment tells it, before any library is opened.
public struct Launch: Equatable, Sendable {
  /// The number of this process and the number of all, and of those on this machine.
  public let rank, count, local: Int

  /// What `mpirun` of Open MPI says, or Slurm's `srun`, or another `mpirun`; nil for a process that was started alone.
  public init?(_ environment: [String: String]) {
    func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }
    let names = [
      ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"), ("PMIX_RANK", "SLURM_STEP_NUM_TASKS"), ("PMI_RANK", "PMI_SIZE"),
    ]
    for (rank, count) in names {
      guard let rank = number(rank), let count = number(count) else { continue }
      guard count > 1 else { return nil }
      (self.rank, self.count, local) = (rank, count, max(number("OMPI_COMM_WORLD_LOCAL_SIZE") ?? 1, 1))
      return
    }
    return nil
  }
}
