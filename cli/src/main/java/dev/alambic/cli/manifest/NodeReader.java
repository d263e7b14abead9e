package dev.alambic.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Turns YAML nodes into JSON values. An alias stands for what its anchor names, as often as it is
 * written; the number of values is bounded, so that a few lines of aliases of aliases ("billion
 * laughs") cannot fill the memory.
 */
final class NodeReader {
  private static final int MAX_VALUES = 20_000;
  private static final int MAX_DEPTH = 50;

  private int values;

  /**
   * Reads a node and all inside it.
   *
   * @throws ManifestException naming the line, if it is not a JSON value, or holds too many
   */
  JsonNode read(Node node) throws ManifestException {
    return read(node, 0);
  }

  private JsonNode read(Node node, int depth) throws ManifestException {
    if (depth > MAX_DEPTH) {
      throw problem(node, "the manifest is nested deeper than " + MAX_DEPTH + " levels");
    }
    if (++values > MAX_VALUES) {
      throw problem(
          node, "the manifest holds more than " + MAX_VALUES + " values, aliases written out");
    }
    if (node instanceof MappingNode mapping && mapping.getTag().equals(Tag.MAP)) {
      return object(mapping, depth);
    }
    if (node instanceof SequenceNode sequence && sequence.getTag().equals(Tag.SEQ)) {
      return list(sequence, depth);
    }
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar);
    }
    throw unknownTag(node);
  }

  private ObjectNode object(MappingNode mapping, int depth) throws ManifestException {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (NodeTuple entry : mapping.getValue()) {
      String name = name(entry.getKeyNode());
      if (object.has(name)) {
        throw problem(entry.getKeyNode(), Quoted.text(name) + " is there twice");
      }
      object.set(name, read(entry.getValueNode(), depth + 1));
    }
    return object;
  }

  private static String name(Node key) throws ManifestException {
    if (key.getTag().equals(Tag.MERGE)) {
      throw problem(key, "merge keys (<<) are not read: write the fields out");
    }
    if (key instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw problem(key, "a field's name must be text");
  }

  private ArrayNode list(SequenceNode sequence, int depth) throws ManifestException {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (Node item : sequence.getValue()) {
      list.add(read(item, depth + 1));
    }
    return list;
  }

  private static JsonNode scalar(ScalarNode node) throws ManifestException {
    String text = node.getValue();
    Tag tag = node.getTag();
    if (tag.equals(Tag.NULL)) {
      return JsonNodeFactory.instance.nullNode();
    }
    if (tag.equals(Tag.BOOL)) {
      return JsonNodeFactory.instance.booleanNode(
          List.of("true", "yes", "on").contains(text.toLowerCase(Locale.ROOT)));
    }
    if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      return YamlNumber.read(text);
    }
    if (tag.equals(Tag.STR) || tag.equals(Tag.TIMESTAMP)) {
      return JsonNodeFactory.instance.textNode(text);
    }
    throw unknownTag(node);
  }

  private static ManifestException unknownTag(Node node) {
    return problem(
        node, "the tag " + Quoted.text(node.getTag().getValue()) + " is not read: leave it out");
  }

  private static ManifestException problem(Node node, String reason) {
    return new ManifestException(List.of(YamlDocument.at(node.getStartMark()) + reason));
  }
}
