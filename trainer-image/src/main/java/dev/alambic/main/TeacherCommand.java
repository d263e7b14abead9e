package dev.alambic.main;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.http.StatusServer;
import dev.alambic.model.Decoder;
import dev.alambic.model.ModelFolder;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.ModelDigests;
import dev.alambic.teacher.DecoderScorer;
import dev.alambic.teacher.TeacherServer;
import dev.alambic.teacher.TeacherToken;
import dev.alambic.torch.Torch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Serves the teacher of a run specification until it is asked to stop. */
@Command(name = "teacher", description = "Serve the teacher of a run")
final class TeacherCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Mixin private SpecOption specOption;

  @Option(names = "--port", description = "gRPC port (default: ${DEFAULT-VALUE})")
  private int port = 9090;

  @Option(names = "--status-port", description = "HTTP port (default: ${DEFAULT-VALUE})")
  private int statusPort = 8080;

  @Override
  public Integer call() throws IOException {
    RunSpec spec = specOption.read();
    TeacherServer.Settings settings =
        TeacherServer.Settings.of(port, spec.teacher().maxBatchTokens())
            .demanding(TeacherToken.of(System.getenv(RunSpec.TEACHER_TOKEN_VARIABLE)));
    try (PodMetrics metrics = new PodMetrics();
        TeacherServer server = TeacherServer.start(settings, () -> load(spec), metrics.registry());
        StatusServer status = serve(server, metrics)) {
      // An interrupt while it started may have been lost on the way.
      if (!main.stop().getAsBoolean()) {
        server.ended().get();
      }
      return ExitCode.COMPLETE.code();
    } catch (InterruptedException e) {
      return ExitCode.COMPLETE.code();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RunException known
          ? known
          : new IllegalStateException(e.getCause());
    }
  }

  private DecoderScorer load(RunSpec spec) {
    Torch.start(spec.threads());
    Path folder = Path.of(spec.teacher().modelPath());
    ModelFolder model = ModelFolder.read(folder);
    Precision precision = spec.training().numerics().precision();
    Decoder decoder = Decoder.frozen(Torch.newManager(), model, precision);
    return new DecoderScorer(decoder, ModelDigests.of(folder));
  }

  private StatusServer serve(TeacherServer server, PodMetrics metrics) {
    return metrics
        .on(new StatusServer(statusPort))
        .serve("/readyz", "text/plain", () -> loaded(server), () -> "")
        .start();
  }

  private static boolean loaded(TeacherServer server) {
    return server.loaded().isDone() && !server.ended().isDone();
  }
}
