package dev.alambic.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import java.util.Map;

/**
 * Where the elements of a tensor are, for libraries that work on the same memory. DJL's handle is a
 * pointer to PyTorch's tensor, and PyTorch exports C functions that take one (its stable ABI for
 * compiled models, torch/csrc/inductor/aoti_torch/c/shim.h).
 */
public final class TensorAddress {
  private static final int RTLD_LAZY_NOLOAD = 1 | 4;

  /** The library that the engine has loaded, found by its soname; a second is never loaded. */
  private static final class PyTorch {
    static final NativeLibrary LIBRARY =
        NativeLibrary.getInstance(
            "libtorch_cpu.so", Map.of(Library.OPTION_OPEN_FLAGS, RTLD_LAZY_NOLOAD));

    static final Function DATA_POINTER = LIBRARY.getFunction("aoti_torch_get_data_ptr");
  }

  private TensorAddress() {}

  /**
   * Of the first element, valid as long as the tensor is.
   *
   * @throws IllegalStateException if PyTorch does not return it
   */
  public static long of(NDArray array) {
    long[] address = new long[1];
    Object[] arguments = {((PtNDArray) array).getHandle(), address};
    int error = PyTorch.DATA_POINTER.invokeInt(arguments);
    if (error != 0) {
      throw new IllegalStateException("aoti_torch_get_data_ptr returned " + error);
    }
    return address[0];
  }

  /**
   * Of the first element, in the memory of a GPU.
   *
   * @throws IllegalArgumentException if it is in the host's
   */
  public static long onGpu(NDArray array) {
    if (!array.getDevice().isGpu()) {
      throw new IllegalArgumentException("a tensor of a GPU is needed, this is on the CPU");
    }
    return of(array);
  }
}
