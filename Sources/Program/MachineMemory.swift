import Foundation
import Safepoint

/// The memory of the machine, or of the part of it that a container gives the program.
enum MachineMemory {
  /// What values may take when nobody says otherwise: half, so that a script that wants more ends with an error
  /// instead of being killed.
  static var share: Int { min(Int(clamping: available / 2), addresses) }

  /// What a limit of addresses leaves beside libraries, stacks and the reserves of the allocator.
  static var addresses: Int {
    Watch.addressRoom == .max ? .max : max(1 << 24, Watch.addressRoom / 2 - (1 << 27))
  }

  private static var available: UInt64 {
    let physical = ProcessInfo.processInfo.physicalMemory
    // Absent without control groups; the word "max" stands for no limit.
    guard let text = FileManager.default.contents(atPath: "/sys/fs/cgroup/memory.max") else { return physical }
    let limit = UInt64(String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    return min(limit ?? physical, physical)
  }
}
