package dev.alambic.bench.load;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.bench.process.Peak;
import dev.alambic.bench.process.ProcessMemory;
import dev.alambic.model.Decoder;
import dev.alambic.model.ModelFolder;
import dev.alambic.run.RunJson;
import dev.alambic.torch.Torch;
import java.nio.file.Path;

/** The program of a fresh process: loads a model in BF16, what it took on standard output. */
final class LoadOne {
  private LoadOne() {}

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
        System.out.println(RunJson.write(new LoadResult(seconds, before, peak, highest)));
      }
    }
    System.exit(0);
  }
}
