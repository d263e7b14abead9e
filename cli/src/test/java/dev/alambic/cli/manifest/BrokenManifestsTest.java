package dev.alambic.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each manifest in {@code broken/} begins with the exact lines that it is refused with. */
class BrokenManifestsTest {
  private static final String EXPECTED = "#! ";

  static Stream<Path> manifests() throws IOException, URISyntaxException {
    Path folder = Path.of(BrokenManifestsTest.class.getResource("/broken").toURI());
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList().stream();
    }
  }

  @Test
  void thereAreTenAndMore() throws IOException, URISyntaxException {
    assertThat(manifests()).hasSizeGreaterThan(10);
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void isRefusedWithItsLines(Path manifest) throws IOException {
    List<String> expected =
        Files.readAllLines(manifest).stream()
            .filter(line -> line.startsWith(EXPECTED))
            .map(line -> line.substring(EXPECTED.length()))
            .toList();
    ManifestException refusal =
        catchThrowableOfType(ManifestException.class, () -> Manifest.read(manifest));
    assertThat(refusal.problems()).isEqualTo(expected);
  }
}
