package dev.alambic.bench.nccl;

import com.sun.jna.Native;
import dev.alambic.parallel.Cuda;
import dev.alambic.parallel.CudaError;

/** One GPU, from the thread that opened it; its memory is freed when the process ends. */
final class Gpu {
  private final Cuda cuda;
  private final int device;

  private Gpu(Cuda cuda, int device) {
    this.cuda = cuda;
    this.device = device;
  }

  /** How many this process sees. */
  static int count(Cuda cuda) {
    int[] count = new int[1];
    check(cuda, cuda.cuInit(0));
    check(cuda, cuda.cuDeviceGetCount(count));
    return count[0];
  }

  /** Makes it the thread's current one, in the context that CUDA's runtime, and so NCCL, uses. */
  static Gpu use(Cuda cuda, int ordinal) {
    int[] device = new int[1];
    long[] context = new long[1];
    check(cuda, cuda.cuDeviceGet(device, ordinal));
    check(cuda, cuda.cuDevicePrimaryCtxRetain(context, device[0]));
    check(cuda, cuda.cuCtxSetCurrent(context[0]));
    return new Gpu(cuda, device[0]);
  }

  String name() {
    byte[] name = new byte[256];
    check(cuda, cuda.cuDeviceGetName(name, name.length, device));
    return Native.toString(name);
  }

  long allocate(long floats) {
    long[] address = new long[1];
    check(cuda, cuda.cuMemAlloc_v2(address, floats * Float.BYTES));
    return address[0];
  }

  void write(long to, float[] from) {
    check(cuda, cuda.cuMemcpyHtoD_v2(to, from, (long) from.length * Float.BYTES));
  }

  float[] read(long from, int floats) {
    float[] to = new float[floats];
    check(cuda, cuda.cuMemcpyDtoH_v2(to, from, (long) floats * Float.BYTES));
    return to;
  }

  /** Waits for all that was asked of it. */
  void synchronize() {
    check(cuda, cuda.cuCtxSynchronize());
  }

  private static void check(Cuda cuda, int result) {
    CudaError.check(cuda, "a call of the benchmark's", result);
  }
}
