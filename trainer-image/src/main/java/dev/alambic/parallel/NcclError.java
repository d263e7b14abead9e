package dev.alambic.parallel;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;

/** A failure of NCCL in words, for the user. */
final class NcclError {
  private NcclError() {}

  /**
   * Does nothing if the result is {@link Nccl#SUCCESS}.
   *
   * @param what failed
   * @param rank whose call it was, and of how many
   * @throws RunException TRY_AGAIN otherwise
   */
  static void check(Nccl nccl, String what, World rank, int result) {
    if (result != Nccl.SUCCESS) {
      throw new RunException(
          ExitCode.TRY_AGAIN,
          "NCCL: %s failed on trainer %d of %d: %s; %s"
              .formatted(what, rank.rank(), rank.size(), words(nccl, result), remedy(result)));
    }
  }

  /** The kind of error, and the last thing that went wrong in NCCL, which may be empty. */
  private static String words(Nccl nccl, int result) {
    String kind = nccl.ncclGetErrorString(result);
    // NCCL 2.21 uses the communicator for nothing, and in a failed start there is none.
    String last = nccl.ncclGetLastError(0);
    return last == null || last.isBlank() ? kind : kind + " (" + last.strip() + ")";
  }

  /** By ncclResult_t. */
  private static String remedy(int result) {
    return switch (result) {
      case 1 -> "see that the pod has its GPU and that nvidia-smi on its node shows no errors";
      case 2 ->
          "see that the pods reach each other and that /dev/shm has room; NCCL_DEBUG=INFO says more";
      case 4, 5 -> "each trainer must have a GPU of its own and the same version of the image";
      case 6 -> "see why another trainer ended: its own log says";
      default -> "NCCL_DEBUG=INFO says more";
    };
  }
}
