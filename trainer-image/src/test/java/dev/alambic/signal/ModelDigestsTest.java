package dev.alambic.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDigestsTest {
  @TempDir private Path folder;

  @BeforeEach
  void makeModel() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    Files.writeString(folder.resolve("model-1.safetensors"), "first");
    Files.writeString(folder.resolve("model-2.safetensors"), "second");
  }

  @Test
  void eachFileCounts() throws IOException {
    ModelDigests before = ModelDigests.of(folder);
    assertThat(ModelDigests.of(folder)).isEqualTo(before);

    Files.writeString(folder.resolve("config.json"), "{ }");
    assertThat(ModelDigests.of(folder).config()).isNotEqualTo(before.config());
    Files.writeString(folder.resolve("tokenizer.json"), "{ }");
    assertThat(ModelDigests.of(folder).tokenizer()).isNotEqualTo(before.tokenizer());
    Files.writeString(folder.resolve("model-2.safetensors"), "secone");
    assertThat(ModelDigests.of(folder).weights()).isNotEqualTo(before.weights());
    Files.writeString(folder.resolve("model-2.safetensors"), "second");
    assertThat(ModelDigests.of(folder).weights()).isEqualTo(before.weights());
    Files.delete(folder.resolve("model-2.safetensors"));
    assertThat(ModelDigests.of(folder).weights()).isNotEqualTo(before.weights());
  }

  @Test
  void largeFilesAreSampledAtBothEndsAndBetween() throws IOException {
    long size = (100L << 20) + 17;
    Path file = folder.resolve("model-1.safetensors");
    Files.delete(file);
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(size); // sparse
    }
    String before = ModelDigests.of(folder).weights();
    for (long at : new long[] {0, size - 1, ((size - (1 << 20)) / 63) * 30}) {
      write(file, at, 1);
      assertThat(ModelDigests.of(folder).weights()).as("byte %d", at).isNotEqualTo(before);
      write(file, at, 0);
      assertThat(ModelDigests.of(folder).weights()).isEqualTo(before);
    }
  }

  private static void write(Path file, long at, int value) throws IOException {
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.seek(at);
      large.write(value);
    }
  }

  @Test
  void missingFilesAreNamed() throws IOException {
    Files.delete(folder.resolve("tokenizer.json"));
    assertThatThrownBy(() -> ModelDigests.of(folder))
        .isInstanceOfSatisfying(
            RunException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NO_INPUT))
        .hasMessageContaining("tokenizer.json is not there");
    Files.delete(folder.resolve("model-1.safetensors"));
    Files.delete(folder.resolve("model-2.safetensors"));
    assertThatThrownBy(() -> ModelDigests.of(folder))
        .hasMessageContaining("*.safetensors is not there");
  }
}
