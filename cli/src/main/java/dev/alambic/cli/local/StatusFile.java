package dev.alambic.cli.local;

import dev.alambic.api.v1alpha1.DistillationJob;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The job with its status, as YAML; what the API server is to a job in a cluster.
 *
 * @param path of the file
 */
public record StatusFile(Path path) {
  private static final Logger LOG = LoggerFactory.getLogger(StatusFile.class);
  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  /**
   * The job as it was left, if it was ever run here.
   *
   * @throws LocalRunException if the file is damaged
   */
  public Optional<DistillationJob> read() throws IOException, LocalRunException {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    DistillationJob job = null;
    try {
      job = YAML.unmarshal(Files.readString(path), DistillationJob.class);
    } catch (RuntimeException e) {
      LOG.debug("{}: {}", path, e.toString());
    }
    if (job == null || job.getSpec() == null || job.getMetadata() == null) {
      throw new LocalRunException(
          path + ": is damaged: delete this file, and the run continues from its checkpoints");
    }
    return Optional.of(job);
  }

  /** Any of the job's parts as YAML. */
  public static String yaml(Object part) {
    return YAML.asYaml(part);
  }

  /** Replaces the file in one step. */
  void write(DistillationJob job) throws IOException {
    Path aside = path.resolveSibling(".status.yaml");
    Files.writeString(aside, YAML.asYaml(job));
    Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
