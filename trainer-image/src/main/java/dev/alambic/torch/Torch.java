package dev.alambic.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/** The PyTorch engine of this process: threads, device, grad mode, backward. */
public final class Torch {
  private Torch() {}

  /**
   * Starts the engine, once per process and before anything else of it is used.
   *
   * @param threads CPU threads of one operator; two spinning pools on the same cores are ten times
   *     slower than one, so the pools of all processes of a machine add up to its cores at most
   */
  public static void start(int threads) {
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    System.setProperty("OPT_OUT_TRACKING", "true");
    Engine.getEngine("PyTorch");
    JniUtils.setNumThreads(threads);
    prepareThread();
  }

  /**
   * Prepares the calling thread. Grad mode is per thread and on by default: it is turned off, and
   * on again only inside {@link #withGradients}. The JIT's profiling executor is turned off as
   * well: it rewrites a method after its first calls, so that a resumed run would differ in its
   * last bits.
   */
  public static void prepareThread() {
    JniUtils.setGraphExecutorOptimize(false);
    JniUtils.setGradMode(false);
  }

  /** A manager on the first GPU, or on the CPU where there is none. */
  public static NDManager newManager() {
    Device device = hasGpu() ? Device.gpu() : Device.cpu();
    return NDManager.newBaseManager(device, "PyTorch");
  }

  /** Whether the engine sees a GPU. */
  public static boolean hasGpu() {
    return Engine.getEngine("PyTorch").getGpuCount() > 0;
  }

  /** A copy in the host's memory, without gradients, that lives as long as {@code manager}. */
  public static NDArray hostCopy(NDManager manager, NDArray array) {
    NDArray copy =
        array.getDevice().isGpu() ? array.toDevice(Device.cpu(), true) : array.duplicate();
    copy.attach(manager);
    return copy;
  }

  /** Runs with gradients recorded. */
  public static <T> T withGradients(Supplier<T> work) {
    JniUtils.setGradMode(true);
    try {
      return work.get();
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  /**
   * Makes {@code leaf} gather gradients, starting from zeros. PyTorch defines a leaf's gradient at
   * the first backward pass only, and until then DJL hands out a new tensor of zeros at every call,
   * which nothing that is added to it survives: hence one backward pass here.
   */
  public static void requireGradient(NDArray leaf) {
    leaf.setRequiresGradient(true);
    try (NDManager scope = leaf.getManager().newSubManager()) {
      NDArray sum = withGradients(leaf::sum);
      sum.attach(scope);
      backward(sum, scope.ones(new Shape()));
      JniUtils.zeroGrad((PtNDArray) leaf);
    }
  }

  /**
   * Vector-Jacobian product: adds {@code outputGradient} times the derivative of {@code output} to
   * the gradient of each leaf.
   */
  public static void backward(NDArray output, NDArray outputGradient) {
    JniUtils.backward((PtNDArray) output, (PtNDArray) outputGradient, false, false);
  }

  /** The gradient of a leaf, as a new handle that lives as long as {@code scope}. */
  public static NDArray gradient(NDManager scope, NDArray leaf) {
    NDArray gradient = leaf.getGradient();
    gradient.attach(scope);
    return gradient;
  }
}
