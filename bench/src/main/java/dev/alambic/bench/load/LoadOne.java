package dev.alambic.bench.load;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.bench.process.ProcessMemory;
import dev.alambic.bench.process.ProcessMemory.Peak;
import dev.alambic.model.Decoder;
import dev.alambic.model.ModelFolder;
import dev.alambic.run.RunJson;
import dev.alambic.torch.Torch;
import java.nio.file.Path;

/** The program of a fresh process: loads a model in BF16, what it took on standard output. */
final class LoadOne {
  private LoadOne() {}

  /**
   * What loading a model took.
   *
   * @param seconds from the call to a model that is ready
   * @param added bytes of anonymous memory that it added at its peak, with the engine started
   * @param highWaterMark the most bytes in memory in the process's life, mapped files included
   */
  record Result(double seconds, long added, long highWaterMark) {}

  /** Takes the model's folder. */
  public static void main(String[] arguments) {
    Torch.start(Runtime.getRuntime().availableProcessors());
    NDManager manager = Torch.newManager();
    manager.ones(new Shape(64, 64)).matMul(manager.ones(new Shape(64, 64))).toFloatArray();
    long before = ProcessMemory.anonymous().getAsLong();
    long start = System.nanoTime();
    try (Peak anonymous = new Peak(ProcessMemory.anonymous())) {
      ModelFolder model = ModelFolder.read(Path.of(arguments[0]));
      try (Decoder decoder = Decoder.frozen(manager, model, Precision.BF16)) {
        double seconds = (System.nanoTime() - start) / 1e9;
        long peak = anonymous.bytes();
        long highest = ProcessMemory.highWaterMark();
        System.err.printf("%d parameters%n", decoder.config().parameters());
        System.out.println(RunJson.write(new Result(seconds, peak - before, highest)));
      }
    }
    System.exit(0);
  }
}
