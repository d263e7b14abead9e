package dev.alambic.parallel;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.ptr.PointerByReference;
import java.util.Optional;

/**
 * What is needed of CUDA's driver, libcuda.so.1, by its own names; JNA makes the binding, tests
 * implement it. The driver and not the runtime: it has one name on every machine with a GPU,
 * whatever version of CUDA is beside it, and the two share contexts, streams and memory. Pointers,
 * contexts, streams and events are {@code long}; a result that is not 0 is turned into an exception
 * by {@link CudaError}.
 *
 * @see <a href="https://docs.nvidia.com/cuda/cuda-driver-api/index.html">the driver's API</a>
 */
@SuppressWarnings("MemberName") // C's.
public interface Cuda extends Library {
  /** The legacy default stream, where PyTorch puts all its work by default. */
  long DEFAULT_STREAM = 0;

  /** Of {@link #cuStreamCreate}: does not wait for the legacy default stream, nor that for it. */
  int STREAM_NON_BLOCKING = 1;

  int EVENT_DISABLE_TIMING = 2;

  /** The driver, if this machine has one. */
  static Optional<Cuda> driver() {
    try {
      return Optional.of(Native.load("libcuda.so.1", Cuda.class));
    } catch (UnsatisfiedLinkError e) {
      return Optional.empty();
    }
  }

  int cuInit(int flags);

  int cuGetErrorName(int result, PointerByReference name);

  int cuDeviceGetCount(int[] count);

  int cuDeviceGet(int[] device, int ordinal);

  int cuDeviceGetName(byte[] name, int bytes, int device);

  int cuDevicePrimaryCtxRetain(long[] context, int device);

  int cuCtxGetCurrent(long[] context);

  int cuCtxSetCurrent(long context);

  int cuCtxSynchronize();

  int cuStreamCreate(long[] stream, int flags);

  int cuStreamWaitEvent(long stream, long event, int flags);

  int cuStreamDestroy_v2(long stream);

  int cuEventCreate(long[] event, int flags);

  int cuEventRecord(long event, long stream);

  int cuEventDestroy_v2(long event);

  int cuMemAlloc_v2(long[] address, long bytes);

  int cuMemcpyHtoD_v2(long to, float[] from, long bytes);

  int cuMemcpyDtoH_v2(float[] to, long from, long bytes);
}
