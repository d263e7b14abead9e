package dev.alambic.operator.controller;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** All that somebody may do. */
record AccessRules(Set<Access> granted) {

  /** What the operator asks for, by {@code access.yaml}, which is held against the chart. */
  static AccessRules ofOperator() {
    Set<Access> granted = new TreeSet<>();
    try (InputStream file = AccessRules.class.getResourceAsStream("/access.yaml")) {
      new YAMLMapper()
          .readValue(file, new TypeReference<Map<String, Map<String, List<String>>>>() {})
          .values()
          .forEach(
              section ->
                  section.forEach(
                      (resource, verbs) ->
                          verbs.forEach(verb -> granted.add(new Access(resource, verb)))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new AccessRules(granted);
  }

  AccessRules without(Access one) {
    Set<Access> rest = new TreeSet<>(granted);
    rest.remove(one);
    return new AccessRules(rest);
  }

  boolean allow(Access asked) {
    return granted.contains(asked);
  }

  /** The verbs on a resource. */
  List<String> verbs(String resource) {
    return granted.stream()
        .filter(access -> access.resource().equals(resource))
        .map(Access::verb)
        .toList();
  }
}
