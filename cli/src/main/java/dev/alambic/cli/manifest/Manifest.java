package dev.alambic.cli.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alambic.api.v1alpha1.DistillationJob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file that asks for a DistillationJob. */
public final class Manifest {
  private static final int MAX_BYTES = 1 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Manifest() {}

  /**
   * Reads a manifest: YAML or JSON, one job. The API server's defaults are filled in; a status is
   * left out.
   *
   * @throws ManifestException saying all that is wrong, if the file cannot be read or the API
   *     server would refuse it
   */
  public static DistillationJob read(Path file) throws ManifestException {
    return parse(decode(file, bytes(file)));
  }

  /** Reads a manifest's text. */
  static DistillationJob parse(String text) throws ManifestException {
    ObjectNode manifest = YamlDocument.read(text);
    // As on create: the API server ignores a status that a user gives.
    manifest.remove("status");
    Definition.instance().admit(manifest);
    // The type knows these two, and complains when they are set.
    manifest.remove(List.of("apiVersion", "kind"));
    return bind(manifest);
  }

  /**
   * What of a job may not take the place of what it was, as the API server would say it.
   *
   * @return one line for each, with its field; empty if all may
   */
  public static List<String> changes(DistillationJob now, DistillationJob before) {
    return Definition.instance().changes(spec(now), spec(before));
  }

  private static ObjectNode spec(DistillationJob job) {
    ObjectNode manifest = JSON.createObjectNode();
    manifest.putObject("metadata").put("name", job.getMetadata().getName());
    manifest.set("spec", JSON.valueToTree(job.getSpec()));
    return manifest;
  }

  private static DistillationJob bind(ObjectNode manifest) throws ManifestException {
    try {
      return JSON.treeToValue(manifest, DistillationJob.class);
    } catch (JsonMappingException e) {
      throw new ManifestException(path(e) + ": " + e.getOriginalMessage(), e);
    } catch (JsonProcessingException e) {
      throw new ManifestException(e.getOriginalMessage(), e);
    }
  }

  private static String path(JsonMappingException e) {
    FieldPath path = FieldPath.ROOT;
    for (JsonMappingException.Reference step : e.getPath()) {
      path =
          step.getFieldName() == null
              ? path.item(step.getIndex())
              : path.field(step.getFieldName());
    }
    return path.toString();
  }

  private static byte[] bytes(Path file) throws ManifestException {
    if (Files.isDirectory(file)) {
      throw new ManifestException(List.of(file + ": is a folder: name a manifest in it"));
    }
    if (!Files.exists(file)) {
      throw new ManifestException(List.of(file + ": no such file"));
    }
    if (!Files.isRegularFile(file)) {
      throw new ManifestException(List.of(file + ": is not a plain file"));
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new ManifestException(List.of(file + ": is larger than 1 MiB: no manifest is"));
      }
      return bytes;
    } catch (IOException e) {
      throw new ManifestException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static String decode(Path file, byte[] bytes) throws ManifestException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ManifestException(file + ": is not UTF-8 text", e);
    }
  }
}
