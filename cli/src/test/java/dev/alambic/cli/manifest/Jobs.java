package dev.alambic.cli.manifest;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;

/** Manifests for tests. */
final class Jobs {
  static final String SMALLEST =
      """
      apiVersion: alambic.dev/v1alpha1
      kind: DistillationJob
      metadata:
        name: gemma2-2b
      spec:
        teacher:
          model:
            uri: pvc://models/gemma-2-27b
        student:
          size: 2.6B
        tokenBudget: 2T
        data:
          uri: pvc://corpus/web
      """;

  private Jobs() {}

  /** The smallest manifest with more lines in its spec. */
  static String with(String spec) {
    return SMALLEST + spec.indent(2);
  }

  /** What a manifest is refused with; none if it is read. */
  static List<String> problems(String manifest) {
    ManifestException refusal =
        catchThrowableOfType(ManifestException.class, () -> Manifest.parse(manifest));
    return refusal == null ? List.of() : refusal.problems();
  }
}
