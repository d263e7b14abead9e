package dev.alambic.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.operator.plan.PlanException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSourceTest {
  @TempDir private Path folder;

  @Test
  void aRelativePathStartsAtTheManifestsFolder() throws IOException, PlanException {
    Files.createDirectories(folder.resolve("models/teacher"));
    Files.createDirectories(folder.resolve("jobs"));
    Path manifest = folder.resolve("jobs/job.yaml");
    assertThat(LocalSource.resolve(manifest, "spec.data.uri", "file://../models/teacher"))
        .isEqualTo(folder.resolve("models/teacher"));
  }

  @Test
  void anAbsolutePathStaysAsItIs() throws PlanException {
    assertThat(LocalSource.resolve(Path.of("job.yaml"), "spec.data.uri", "file://" + folder))
        .isEqualTo(folder);
  }

  @Test
  void whatIsNotThereIsNamedWithItsField() {
    assertThatThrownBy(
            () -> LocalSource.resolve(folder.resolve("job.yaml"), "spec.data.uri", "file://no"))
        .isInstanceOf(PlanException.class)
        .hasMessage("spec.data.uri: " + folder.resolve("no") + " is not there");
  }

  @Test
  void aClaimNeedsACluster() {
    assertThatThrownBy(
            () -> LocalSource.resolve(folder.resolve("job.yaml"), "spec.data.uri", "pvc://c/web"))
        .hasMessageContaining("pvc://c/web can only be read in a cluster");
  }
}
