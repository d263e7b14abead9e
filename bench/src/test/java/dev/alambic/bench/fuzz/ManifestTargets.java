package dev.alambic.bench.fuzz;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.cli.manifest.Manifest;
import dev.alambic.cli.manifest.ManifestException;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.operator.plan.Device;
import dev.alambic.operator.plan.Facts;
import dev.alambic.operator.plan.PlanResult;
import dev.alambic.operator.plan.Planner;
import dev.alambic.operator.render.Storage;
import dev.alambic.run.Progress;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** What a job's manifest says, and what operator and pods tell each other. */
final class ManifestTargets {
  private static final List<String> YAML =
      Seeds.words(
          ": ¦- ¦{¦}¦[¦]¦&a ¦*a¦!!int ¦| \n¦> ¦'¦\"¦---\n¦...\n¦%YAML 9\n¦? ¦<<: ¦\uFEFF¦.nan¦null¦~"
              + "¦2X¦2.6B¦15T¦pvc://a/../b¦file:///¦\n¦  ");
  private static final List<String> JSON = Seeds.json("NaN¦{}¦[]");

  private ManifestTargets() {}

  static List<Target> of(Path folder) throws IOException {
    Path file = Files.createDirectories(folder).resolve("job.yaml");
    byte[] sound = Seeds.resource("job.yaml");
    List<byte[]> manifests = List.of(sound, Seeds.resource("/every-field.yaml"));
    return List.of(
        Target.of("manifest", manifests, YAML, RunException.class, in -> job(file, in)).dear(4),
        Target.of(
            "run-spec",
            List.of(runSpec(file, sound)),
            JSON,
            IllegalArgumentException.class,
            in -> RunJson.read(utf8(in), RunSpec.class)),
        Target.of(
            "progress",
            List.of(Seeds.resource("progress.json")),
            JSON,
            IllegalArgumentException.class,
            in -> RunJson.read(utf8(in), Progress.class).brief()));
  }

  /** Reads a manifest, and plans what is sound. */
  private static RunSpec job(Path file, byte[] input) throws IOException {
    Files.write(file, input);
    try {
      DistillationJob job = Manifest.read(file);
      String name = job.getMetadata().getName();
      PlanResult result = Planner.tryPlan(name, job.getSpec(), Facts.of(Device.cpu(2)));
      if (result instanceof PlanResult.Planned planned) {
        return planned.plan().toRunSpec(Storage.placement(job));
      }
      throw refused(((PlanResult.Refused) result).problems());
    } catch (ManifestException e) {
      throw refused(e.problems());
    }
  }

  /** The longest line stands for all. */
  private static RunException refused(List<String> problems) {
    return new RunException(
        ExitCode.DATA, problems.stream().max(Comparator.comparingInt(String::length)).orElse(""));
  }

  private static byte[] runSpec(Path file, byte[] manifest) throws IOException {
    return Seeds.text(RunJson.write(job(file, manifest)));
  }

  private static String utf8(byte[] input) {
    return new String(input, StandardCharsets.UTF_8);
  }
}
