package dev.alambic.operator.kueue;

import io.fabric8.kubernetes.api.model.Toleration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What an admission adds to the pods of one set, so that they run where their quota is. */
public record PodAdditions(
    Map<String, String> nodeSelector,
    List<Toleration> tolerations,
    Map<String, String> labels,
    Map<String, String> annotations) {

  /** Nothing. */
  public static PodAdditions none() {
    return new PodAdditions(Map.of(), List.of(), Map.of(), Map.of());
  }

  /** These and those; those win on the same key. */
  public PodAdditions and(PodAdditions those) {
    return new PodAdditions(
        both(nodeSelector, those.nodeSelector),
        both(tolerations, those.tolerations),
        both(labels, those.labels),
        both(annotations, those.annotations));
  }

  /** The second wins on the same key; in an order that does not change. */
  public static Map<String, String> both(Map<String, String> first, Map<String, String> second) {
    Map<String, String> all = new TreeMap<>(first == null ? Map.of() : first);
    all.putAll(second == null ? Map.of() : second);
    return all;
  }

  /** Without those of the second that the first has. */
  public static List<Toleration> both(List<Toleration> first, List<Toleration> second) {
    Set<Toleration> all = new LinkedHashSet<>(first == null ? List.of() : first);
    all.addAll(second == null ? List.of() : second);
    return List.copyOf(all);
  }
}
