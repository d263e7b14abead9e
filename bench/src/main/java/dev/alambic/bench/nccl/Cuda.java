package dev.alambic.bench.nccl;

import com.sun.jna.Library;
import com.sun.jna.ptr.PointerByReference;

/**
 * What is needed of CUDA's driver, libcuda.so.1, by its own names. The driver and not the runtime:
 * it has one name on every machine with a GPU, whatever version of CUDA is beside it.
 *
 * @see <a href="https://docs.nvidia.com/cuda/cuda-driver-api/index.html">the driver's API</a>
 */
@SuppressWarnings("MemberName") // C's.
interface Cuda extends Library {
  int cuInit(int flags);

  int cuGetErrorName(int result, PointerByReference name);

  int cuDeviceGetCount(int[] count);

  int cuDeviceGet(int[] device, int ordinal);

  int cuDeviceGetName(byte[] name, int bytes, int device);

  int cuDevicePrimaryCtxRetain(long[] context, int device);

  int cuCtxSetCurrent(long context);

  int cuCtxSynchronize();

  int cuMemAlloc_v2(long[] address, long bytes);

  int cuMemcpyHtoD_v2(long to, float[] from, long bytes);

  int cuMemcpyDtoH_v2(float[] to, long from, long bytes);
}
