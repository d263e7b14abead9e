package dev.alambic.model;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.io.Mounted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The {@code model.safetensors.index.json} of a model in several files.
 *
 * @param fileOf the file of each tensor, a plain name in the index's own folder
 */
record ShardIndex(Map<String, String> fileOf) {

  static final String FILE_NAME = "model.safetensors.index.json";

  /** Also what keeps an index inside its folder: no separators, no dot in front. */
  private static final Pattern SHARD_NAME =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\\.safetensors");

  /** A thousand layers are one; as a tree it takes some twenty times that. */
  private static final int MOST_BYTES = 4 << 20;

  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(8).maxNameLength(512).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** The names of the files, each once. */
  TreeSet<String> files() {
    return new TreeSet<>(fileOf.values());
  }

  static ShardIndex read(Path file) {
    JsonNode weightMap = tree(file).path("weight_map");
    if (!weightMap.isObject() || weightMap.isEmpty()) {
      throw wrong(file, "weight_map: must be an object of tensor names and file names");
    }
    Map<String, String> fileOf = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : weightMap.properties()) {
      String shard = field.getValue().textValue();
      if (shard == null || !SHARD_NAME.matcher(shard).matches()) {
        throw wrong(
            file,
            String.format(
                "weight_map: a tensor's file must be the plain name of a .safetensors file in this"
                    + " folder, not %.80s",
                field.getValue().toString().replaceAll("\\p{C}", "?")));
      }
      fileOf.put(field.getKey(), shard);
    }
    return new ShardIndex(fileOf);
  }

  private static JsonNode tree(Path file) {
    try {
      if (Files.size(Mounted.readable(file)) > MOST_BYTES) {
        throw wrong(file, "larger than " + MOST_BYTES + " bytes");
      }
      return JSON.readTree(Files.readAllBytes(file));
    } catch (JacksonException e) {
      throw wrong(
          file,
          String.format("not JSON: %.200s", e.getOriginalMessage())
              .replaceAll("[\\s\\p{C}]+", " "));
    } catch (IOException e) {
      throw new RunException(ExitCode.IO, file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static RunException wrong(Path file, String what) {
    return new RunException(ExitCode.DATA, file + ": " + what);
  }

  /** Splits tensors, in their order, into files of at most this size; a larger tensor is alone. */
  static List<List<Tensor>> split(List<Tensor> tensors, long largestFile) {
    List<List<Tensor>> shards = new ArrayList<>();
    long size = 0;
    for (Tensor tensor : tensors) {
      if (shards.isEmpty() || size + tensor.byteLength() > largestFile) {
        shards.add(new ArrayList<>());
        size = 0;
      }
      shards.get(shards.size() - 1).add(tensor);
      size += tensor.byteLength();
    }
    return shards;
  }

  /** As transformers names them; {@code number} counts from 1. */
  static String shardName(int number, int count) {
    return String.format("model-%05d-of-%05d.safetensors", number, count);
  }

  static String toJson(List<List<Tensor>> shards) {
    ObjectNode json = JSON.createObjectNode();
    long size = shards.stream().flatMap(List::stream).mapToLong(Tensor::byteLength).sum();
    json.putObject("metadata").put("total_size", size);
    ObjectNode weightMap = json.putObject("weight_map");
    for (int i = 0; i < shards.size(); i++) {
      for (Tensor tensor : shards.get(i)) {
        weightMap.put(tensor.name(), shardName(i + 1, shards.size()));
      }
    }
    return json.toPrettyString() + "\n";
  }
}
