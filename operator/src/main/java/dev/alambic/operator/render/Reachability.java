package dev.alambic.operator.render;

import java.util.List;
import java.util.stream.Stream;

/**
 * Who may reach the pods' HTTP ports.
 *
 * @param operatorNamespace where the operator runs
 * @param monitoringNamespaces where metrics are scraped from
 */
public record Reachability(String operatorNamespace, List<String> monitoringNamespaces) {
  public Reachability {
    monitoringNamespaces = List.copyOf(monitoringNamespaces);
  }

  /** All of them, sorted: the same set gives the same policy. */
  List<String> namespaces() {
    return Stream.concat(Stream.of(operatorNamespace), monitoringNamespaces.stream())
        .distinct()
        .sorted()
        .toList();
  }
}
