package dev.alambic.parallel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.alambic.torch.TensorAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * Collectives on GPUs, by NCCL on the tensors' own memory. "Hold the result" is meant in the order
 * of PyTorch's stream, see {@link NcclCommunicator}: what PyTorch does next sees it, {@code
 * toFloatArray} included. Calls of {@link #async} go to a stream of their own, so that the GPU does
 * them while it computes; calls outside wait, on the GPU, for those beside that came before.
 *
 * <p>NCCL notices a process that is gone late or never. So a second set of collectives, over the
 * network, comes with it: it carries the few numbers of {@link #gather}, and when it notices that a
 * process is gone, NCCL's work is ended ({@link NcclCommunicator#abort}). Results of NCCL are
 * therefore worth something only once a later gather has returned: it fails where a process is
 * gone.
 */
public final class NcclCollectives implements Collectives {
  private final NcclCommunicator communicator;
  private final SideStream side;
  private final Collectives control;
  private final ToLongFunction<NDArray> address;

  private NcclCollectives(
      NcclCommunicator communicator,
      SideStream side,
      Collectives control,
      ToLongFunction<NDArray> address) {
    this.communicator = communicator;
    this.side = side;
    this.control = control;
    this.address = address;
  }

  /**
   * Waits for all processes: first by the control, which names who is missing, then by NCCL, which
   * would wait without a word.
   *
   * @param control of the same processes; closed with this
   */
  public static NcclCollectives open(Nccl nccl, Collectives control) {
    Cuda cuda =
        Cuda.driver()
            .orElseThrow(() -> new IllegalStateException("a GPU without CUDA's libcuda.so.1"));
    return open(nccl, cuda, control, TensorAddress::onGpu);
  }

  static NcclCollectives open(
      Nccl nccl, Cuda cuda, Collectives control, ToLongFunction<NDArray> address) {
    NcclCommunicator communicator =
        NcclCommunicator.open(nccl, control.world(), sharedId(nccl, control));
    control.whenLost(communicator::abort);
    return new NcclCollectives(communicator, SideStream.open(cuda), control, address);
  }

  /** The id that rank 0 makes, a number for each byte on its way to the others. */
  private static byte[] sharedId(Nccl nccl, Collectives control) {
    double[] said = new double[Nccl.UniqueId.BYTES];
    if (control.world().rank() == 0) {
      byte[] made = NcclCommunicator.uniqueId(nccl, control.world());
      Arrays.setAll(said, i -> made[i]);
    }
    double[] first = control.gather(said).get(0);
    byte[] id = new byte[first.length];
    for (int i = 0; i < id.length; i++) {
      id[i] = (byte) first[i];
    }
    return id;
  }

  @Override
  public World world() {
    return control.world();
  }

  @Override
  public void allReduce(NDArray array) {
    communicator.allReduce(floats(array), array.size(), side.forNextCall());
  }

  @Override
  public void reduceScatter(NDArray whole, NDArray part) {
    requireSegment(whole, part);
    communicator.reduceScatter(floats(whole), floats(part), whole.size(), side.forNextCall());
  }

  @Override
  public void allGather(NDArray part, NDArray whole) {
    requireSegment(whole, part);
    communicator.allGather(floats(part), floats(whole), whole.size(), side.forNextCall());
  }

  @Override
  public void broadcast(NDArray array, int fromRank) {
    communicator.broadcast(floats(array), array.size(), fromRank, side.forNextCall());
  }

  @Override
  public Future<?> async(Runnable calls) {
    return side.async(calls);
  }

  @Override
  public List<double[]> gather(double[] mine) {
    return control.gather(mine);
  }

  @Override
  public void barrier() {
    control.barrier();
  }

  @Override
  public void leave(String why) {
    control.leave(why);
  }

  /** Also fails if NCCL has noticed a failure: {@link NcclCommunicator#check}. */
  @Override
  public void check() {
    control.check();
    communicator.check();
  }

  @Override
  public void whenLost(Consumer<String> listener) {
    control.whenLost(listener);
  }

  @Override
  public void close() {
    try (control;
        side) {
      communicator.close();
    }
  }

  /** NCCL would write past the end of a part that is too short. */
  private void requireSegment(NDArray whole, NDArray part) {
    long length = world().segment(whole.size()).length();
    if (part.size() != length) {
      throw new IllegalArgumentException(
          "a part of %d elements where %d are rank %d's of %d"
              .formatted(part.size(), length, world().rank(), whole.size()));
    }
  }

  private long floats(NDArray array) {
    if (array.getDataType() != DataType.FLOAT32) {
      throw new IllegalArgumentException("float32 is summed, not " + array.getDataType());
    }
    return address.applyAsLong(array);
  }
}
