package dev.alambic.bench.collectives;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.bench.collectives.CollectivesCommand.Asked;
import dev.alambic.parallel.Collectives;
import dev.alambic.parallel.TcpCollectives;
import dev.alambic.parallel.World;
import dev.alambic.run.RunJson;
import dev.alambic.torch.Torch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The program of a fresh process: one of several, each of {@link Asked#COLLECTIVES} for each size.
 */
final class CollectivesProcess {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private CollectivesProcess() {}

  /** Takes what is {@link Asked}, and a rank. */
  public static void main(String[] arguments) throws InterruptedException {
    Asked asked = RunJson.read(arguments[0], Asked.class);
    World world = new World(Integer.parseInt(arguments[1]), asked.addresses().size());
    Torch.start(1);
    try (Collectives collectives =
        TcpCollectives.open(world, asked.addresses(), new byte[32], PATIENCE, words -> {})) {
      System.out.println(RunJson.write(measure(asked, collectives)));
    }
    System.exit(0);
  }

  private static Asked.Answer measure(Asked asked, Collectives collectives) {
    List<Double> seconds = new ArrayList<>();
    for (int mebibytes : asked.mebibytes()) {
      try (NDManager manager = Torch.newManager()) {
        long floats = Asked.bytes(mebibytes) / Float.BYTES;
        NDArray whole = manager.zeros(new Shape(floats));
        NDArray part = manager.zeros(new Shape(collectives.world().segment(floats).length()));
        seconds.add(asked.median(() -> collectives.allReduce(whole)));
        seconds.add(asked.median(() -> collectives.reduceScatter(whole, part)));
        seconds.add(asked.median(() -> collectives.allGather(part, whole)));
      }
    }
    return new Asked.Answer(seconds);
  }
}
