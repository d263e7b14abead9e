package dev.alambic.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.DistillationJobStatus;
import dev.alambic.api.v1alpha1.Phase;
import dev.alambic.cli.manifest.Manifest;
import dev.alambic.cli.manifest.ManifestException;
import dev.alambic.operator.plan.PlanException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContinuationTest {
  @TempDir private Path folder;

  @Test
  void theSameManifestGoesOnWithTheStatusItHad() throws Exception {
    DistillationJob before = left("1M", Phase.Training);
    DistillationJob now = Continuation.of(job("1M", "100K"), before, runFolder());
    assertThat(now.getStatus()).isEqualTo(before.getStatus());
    assertThat(now.getMetadata().getGeneration()).isEqualTo(4);
  }

  @Test
  void aGrownBudgetIsANewGeneration() throws Exception {
    DistillationJob now =
        Continuation.of(job("2M", "100K"), left("1M", Phase.Training), runFolder());
    assertThat(now.getMetadata().getGeneration()).isEqualTo(5);
  }

  @Test
  void aShrunkBudgetIsRefused() {
    assertThatThrownBy(
            () -> Continuation.of(job("500K", "100K"), left("1M", Phase.Training), runFolder()))
        .isInstanceOf(PlanException.class)
        .hasMessageStartingWith(
            "spec.tokenBudget: may only grow: suspend or delete the job to stop it early");
  }

  @Test
  void anotherStudentIsRefused() {
    assertThatThrownBy(
            () -> Continuation.of(job("1M", "200K"), left("1M", Phase.Training), runFolder()))
        .isInstanceOf(PlanException.class)
        .hasMessage(
            "spec.student: is immutable: make a new job for another student (the run in "
                + folder
                + " has another): rename the job, give --out, or restart with"
                + " checkpoint.restart: true");
  }

  @Test
  void aRestartBeginsAnewWithAnotherSpecAndGoesOnWithTheSame() throws Exception {
    DistillationJob other = restarting("500K", "200K, initFrom: {uri: \"file://s\"}");
    assertThat(Continuation.of(other, left("1M", Phase.Complete), runFolder()).getStatus())
        .isNull();

    DistillationJob same = restarting("2M", "100K");
    assertThat(Continuation.of(same, left("1M", Phase.Complete), runFolder()).getStatus().phase())
        .isEqualTo(Phase.Complete);
  }

  @Test
  void aFailedRunIsTriedAgain() throws Exception {
    DistillationJob now = Continuation.of(job("1M", "100K"), left("1M", Phase.Failed), runFolder());
    assertThat(now.getStatus()).isNull();
  }

  @Test
  void aCompleteRunStaysComplete() throws Exception {
    DistillationJob now =
        Continuation.of(job("1M", "100K"), left("1M", Phase.Complete), runFolder());
    assertThat(now.getStatus().phase()).isEqualTo(Phase.Complete);
  }

  @Test
  void theStatusFileGivesBackTheJob() throws Exception {
    StatusFile file = new StatusFile(folder.resolve("status.yaml"));
    DistillationJob job = left("1M", Phase.Complete);
    file.write(job);
    DistillationJob read = file.read().orElseThrow();
    assertThat(read.getSpec()).isEqualTo(job.getSpec());
    assertThat(read.getStatus()).isEqualTo(job.getStatus());
  }

  @ParameterizedTest
  @ValueSource(strings = {"spec: [", "", "[1,2", "[]", "spec: 7", "a: b"})
  void aDamagedStatusFileIsNamedInOneLine(String content) throws IOException {
    StatusFile file = new StatusFile(folder.resolve("status.yaml"));
    Files.writeString(file.path(), content);
    assertThatThrownBy(file::read)
        .isInstanceOf(LocalRunException.class)
        .hasMessage(
            file.path()
                + ": is damaged: delete this file, and the run continues from its checkpoints");
  }

  private RunFolder runFolder() {
    return new RunFolder(folder);
  }

  private DistillationJob left(String budget, Phase phase) throws IOException, ManifestException {
    DistillationJob job = job(budget, "100K");
    job.getMetadata().setGeneration(4L);
    job.setStatus(
        new DistillationJobStatus(
            phase, null, 4L, null, null, null, null, null, null, null, null, null, null));
    return job;
  }

  private DistillationJob job(String budget, String size) throws IOException, ManifestException {
    return job(budget, size, "{}");
  }

  private DistillationJob restarting(String budget, String size)
      throws IOException, ManifestException {
    return job(budget, size, "{restart: true}");
  }

  private DistillationJob job(String budget, String size, String checkpoint)
      throws IOException, ManifestException {
    Path manifest = folder.resolve("job.yaml");
    Files.writeString(
        manifest,
        """
        apiVersion: alambic.dev/v1alpha1
        kind: DistillationJob
        metadata: {name: tiny}
        spec:
          teacher: {model: {uri: "file://teacher"}}
          student: {size: %s}
          tokenBudget: %s
          data: {uri: "file://text"}
          checkpoint: %s
        """
            .formatted(size, budget, checkpoint));
    return Manifest.read(manifest);
  }
}
