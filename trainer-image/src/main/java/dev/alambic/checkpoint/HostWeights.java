package dev.alambic.checkpoint;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderParameters;
import dev.alambic.model.DecoderWeights;
import dev.alambic.model.Tensor;
import dev.alambic.parallel.Partition;
import dev.alambic.torch.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * A copy of all of a student's weights in the host's memory, 4 bytes a parameter, with the trainer
 * of rank 0; all others help to make it, and have none.
 */
public final class HostWeights implements AutoCloseable {
  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final Decoder student;
  private final DecoderParameters copies;

  /** A copy of the weights as they are. */
  public HostWeights(Decoder student, Partition partition) {
    this.student = student;
    boolean keeps = partition.collectives().world().rank() == 0;
    List<NDArray> all = student.parameters().all();
    List<NDArray> copied = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      NDArray array = all.get(i);
      if (keeps) {
        partition.whole(i, () -> copied.add(Torch.hostCopy(manager, array)));
      } else {
        partition.whole(i, () -> {});
      }
    }
    this.copies = keeps ? student.parameters().of(copied) : null;
  }

  DecoderConfig shape() {
    return student.config();
  }

  /** Under Hugging Face's names; none but with rank 0. */
  List<Tensor> tensors() {
    return copies == null ? List.of() : DecoderWeights.tensors(student.config(), copies);
  }

  @Override
  public void close() {
    manager.close();
  }
}
