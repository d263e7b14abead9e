package dev.alambic.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;

/** The one document of a manifest's text, as a tree of JSON values. */
final class YamlDocument {
  private static final int MAX_DEPTH = 50;

  private YamlDocument() {}

  /**
   * Reads the text.
   *
   * @throws ManifestException naming where the text is not YAML, or that it is not one mapping
   */
  static ObjectNode read(String text) throws ManifestException {
    List<Node> documents = compose(text);
    if (documents.isEmpty()) {
      throw new ManifestException(
          List.of("the manifest is empty: it begins with apiVersion, kind, metadata and spec"));
    }
    if (documents.size() > 1) {
      throw new ManifestException(
          List.of(
              at(documents.get(1).getStartMark())
                  + "a second document begins: put each job into a file of its own"));
    }
    JsonNode tree = new NodeReader().read(documents.get(0));
    if (tree instanceof ObjectNode mapping) {
      return mapping;
    }
    throw new ManifestException(
        List.of("the manifest is " + Quoted.value(tree) + ", not a mapping of fields"));
  }

  private static List<Node> compose(String text) throws ManifestException {
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setCodePointLimit(Integer.MAX_VALUE);
    List<Node> documents = new ArrayList<>();
    try {
      for (Node document :
          new Yaml(new SafeConstructor(options)).composeAll(new StringReader(text))) {
        if (!document.getTag().equals(Tag.NULL)) {
          documents.add(document);
        }
      }
    } catch (MarkedYAMLException e) {
      String what =
          Stream.of(e.getContext(), e.getProblem())
              .filter(part -> part != null)
              .collect(Collectors.joining(", "));
      throw new ManifestException(at(e.getProblemMark()) + oneLine(what), e);
    } catch (YAMLException e) {
      throw new ManifestException("the manifest is not YAML: " + oneLine(e.getMessage()), e);
    }
    return documents;
  }

  /** {@code line 3, column 7: }, counted from one. */
  static String at(Mark mark) {
    return mark == null
        ? ""
        : "line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1) + ": ";
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
