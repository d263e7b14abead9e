package dev.alambic.parallel;

import com.sun.jna.ptr.PointerByReference;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;

/** A failure of CUDA's driver in words, for the user. */
public final class CudaError {
  private CudaError() {}

  /**
   * Does nothing if the result is 0.
   *
   * @param what failed; or what came before it on the GPU, whose errors are reported late
   * @throws RunException TRY_AGAIN otherwise
   */
  public static void check(Cuda cuda, String what, int result) {
    if (result != 0) {
      throw new RunException(
          ExitCode.TRY_AGAIN,
          "CUDA: %s, or what came before it, failed: %s; see that nvidia-smi on the pod's node shows no errors"
              .formatted(what, name(cuda, result)));
    }
  }

  private static String name(Cuda cuda, int result) {
    PointerByReference name = new PointerByReference();
    boolean known = cuda.cuGetErrorName(result, name) == 0 && name.getValue() != null;
    return known ? name.getValue().getString(0) : "error " + result;
  }
}
