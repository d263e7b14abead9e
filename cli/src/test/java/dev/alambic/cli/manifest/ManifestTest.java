package dev.alambic.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.api.v1alpha1.Count;
import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.api.v1alpha1.SaturationAction;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.api.v1alpha1.Stage;
import dev.alambic.api.v1alpha1.TeacherRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
  @Test
  void fillsInDefaults() throws ManifestException {
    DistillationJobSpec spec = Manifest.parse(Jobs.SMALLEST).getSpec();
    assertThat(spec.stage()).isEqualTo(Stage.PreTraining);
    assertThat(spec.teacher().runtime()).isEqualTo(TeacherRuntime.Builtin);
    assertThat(spec.teacher().replicas()).isEqualTo(1);
    assertThat(spec.data().format()).isEqualTo(DataFormat.Text);
    assertThat(spec.data().textField()).isEqualTo("text");
    assertThat(spec.objective().divergence()).isEqualTo(Divergence.ForwardKL);
    assertThat(spec.objective().temperature()).isEqualTo("1.0");
    assertThat(spec.signal().encoding()).isEqualTo(SignalEncoding.Sampled);
    assertThat(spec.training().seed()).isZero();
    assertThat(spec.saturation().action()).isEqualTo(SaturationAction.Stop);
    assertThat(spec.suspend()).isFalse();
    assertThat(spec.training().peakLearningRate()).isNull();
    assertThat(spec.rollout()).isNull();
  }

  @Test
  void keepsWhatIsWritten() throws ManifestException {
    DistillationJob job =
        Manifest.parse(
            Jobs.with(
                """
                training: {seed: 7, batchTokens: 2048, peakLearningRate: "3e-4"}
                trainer:
                  pod:
                    resources: {limits: {nvidia.com/gpu: 1, memory: 64Gi}}
                    env: [{name: A, value: b}]
                """));
    assertThat(job.getSpec().training().seed()).isEqualTo(7);
    assertThat(job.getSpec().training().batchTokens()).isEqualTo("2048");
    assertThat(job.getSpec().trainer().pod().resources().getLimits().get("nvidia.com/gpu"))
        .hasToString("1");
    assertThat(job.getSpec().trainer().pod().env().get(0).getValue()).isEqualTo("b");
  }

  @Test
  void passesMetadataThrough() throws ManifestException {
    DistillationJob job =
        Manifest.parse(
            Jobs.SMALLEST.replace(
                "  name: gemma2-2b",
                "  name: gemma2-2b\n  namespace: research\n  labels: {team: a}\n"
                    + "  annotations: {example.com/why: because}"));
    assertThat(job.getMetadata().getName()).isEqualTo("gemma2-2b");
    assertThat(job.getMetadata().getNamespace()).isEqualTo("research");
    assertThat(job.getMetadata().getLabels()).containsEntry("team", "a");
    assertThat(job.getMetadata().getAnnotations()).containsEntry("example.com/why", "because");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2000000000000", "2T", "2_000_000_000_000", "2e12", "\"2000000000000\""})
  void countsMayBeIntegers(String budget) throws ManifestException {
    DistillationJob job =
        Manifest.parse(Jobs.SMALLEST.replace("tokenBudget: 2T", "tokenBudget: " + budget));
    assertThat(Count.parse(job.getSpec().tokenBudget())).isEqualTo(2_000_000_000_000L);
  }

  @Test
  void statusIsIgnored() throws ManifestException {
    assertThat(Manifest.parse(Jobs.SMALLEST + "status: {phase: 7, nonsense: []}\n").getStatus())
        .isNull();
  }

  @Test
  void readsJson() throws ManifestException {
    DistillationJob job =
        Manifest.parse(
            """
            {"apiVersion": "alambic.dev/v1alpha1", "kind": "DistillationJob",
             "metadata": {"name": "tiny"},
             "spec": {"teacher": {"model": {"uri": "file://teacher"}}, "student": {"size": 100000},
                      "tokenBudget": "1M", "data": {"uri": "file://../text"}}}
            """);
    assertThat(job.getSpec().student().size()).isEqualTo("100000");
  }

  @Test
  void readsAFile(@TempDir Path folder) throws IOException, ManifestException {
    Path file = Files.writeString(folder.resolve("job.yaml"), "---\n" + Jobs.SMALLEST + "---\n");
    assertThat(Manifest.read(file).getMetadata().getName()).isEqualTo("gemma2-2b");
  }

  @Test
  void saysWhyAFileCannotBeRead(@TempDir Path folder) throws IOException {
    assertRefused(folder.resolve("absent.yaml"), "absent.yaml: no such file");
    assertRefused(folder, ": is a folder: name a manifest in it");
    Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {(byte) 0xff, 0x41});
    assertRefused(binary, "binary.yaml: is not UTF-8 text");
    Path huge = Files.writeString(folder.resolve("huge.yaml"), "a".repeat((1 << 20) + 1));
    assertRefused(huge, "huge.yaml: is larger than 1 MiB: no manifest is");
    Path empty = Files.writeString(folder.resolve("empty.yaml"), "# nothing\n---\n");
    assertRefused(
        empty, "the manifest is empty: it begins with apiVersion, kind, metadata and spec");
  }

  private static void assertRefused(Path file, String end) {
    assertThatThrownBy(() -> Manifest.read(file))
        .isInstanceOf(ManifestException.class)
        .hasMessageEndingWith(end);
  }

  @Test
  void countsProblemsBeyondFifty() {
    StringBuilder spec = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      spec.append("unknown").append(i).append(": 1\n");
    }
    assertThat(Jobs.problems(Jobs.with(spec.toString())))
        .hasSize(51)
        .endsWith("and 10 problems more");
  }
}
