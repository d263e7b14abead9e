package dev.alambic.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** Kubernetes' own types inside a pod's overrides: keyed lists, and only what makes sense here. */
final class PodSchema {
  /** Volume sources that Kubernetes still serves itself; the others are deprecated for CSI. */
  private static final Set<String> VOLUME =
      Set.of(
          "name",
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "hostPath",
          "image",
          "nfs",
          "persistentVolumeClaim",
          "projected",
          "secret");

  /** What an init container needs; no lifecycle hooks, devices or terminals. */
  private static final Set<String> INIT_CONTAINER =
      Set.of(
          "name",
          "image",
          "imagePullPolicy",
          "command",
          "args",
          "workingDir",
          "env",
          "envFrom",
          "resources",
          "volumeMounts",
          "ports",
          "restartPolicy",
          "startupProbe",
          "securityContext");

  private static final String CLAIM_METADATA =
      "/volumes/items/properties/ephemeral/properties/volumeClaimTemplate/properties/metadata"
          + "/properties";

  private PodSchema() {}

  static void finish(ObjectNode pod) {
    ObjectNode properties = (ObjectNode) pod.get("properties");
    properties(properties.at("/volumes/items")).retain(VOLUME);
    ((ObjectNode) properties.at(CLAIM_METADATA)).retain("labels", "annotations");
    keyed(properties(properties.get("resources")), "claims", "name");
    keyed(properties, "resourceClaims", "name");
    keyed(properties, "initContainers", "name");
    for (String rights : List.of("securityContext", "containerSecurityContext")) {
      properties(properties.get(rights)).remove("windowsOptions");
    }
    for (String list : List.of("envFrom", "topologySpreadConstraints")) {
      ((ObjectNode) properties.get(list)).put("x-kubernetes-list-type", "atomic");
    }
    required(
        properties.at("/topologySpreadConstraints/items"),
        List.of("maxSkew", "topologyKey", "whenUnsatisfiable"));
    finishInit(properties(properties.at("/initContainers/items")));
    keyed(properties, "env", "name");
    keyed(properties, "imagePullSecrets", "name");
    keyed(properties, "volumes", "name");
    keyed(properties, "volumeMounts", "mountPath");
    required(properties.at("/volumeMounts/items"), List.of("mountPath", "name"));
    ((ObjectNode) properties.get("tolerations")).put("x-kubernetes-list-type", "atomic");
  }

  private static void finishInit(ObjectNode container) {
    container.retain(INIT_CONTAINER);
    properties(container.get("securityContext")).remove("windowsOptions");
    properties(container.at("/ports/items")).retain("containerPort", "name", "protocol");
    required(container.at("/ports/items"), List.of("containerPort"));
    keyed(container, "env", "name");
    keyed(container, "volumeMounts", "mountPath");
    required(container.at("/volumeMounts/items"), List.of("mountPath", "name"));
    properties(container.get("resources")).remove("claims");
  }

  /** Makes a list a map: two items with the same key are refused, appliers merge by key. */
  private static void keyed(ObjectNode properties, String list, String key) {
    ObjectNode schema = (ObjectNode) properties.get(list);
    schema.put("x-kubernetes-list-type", "map");
    schema.putArray("x-kubernetes-list-map-keys").add(key);
    required(schema.get("items"), List.of(key));
  }

  private static void required(JsonNode schema, List<String> names) {
    names.forEach(((ObjectNode) schema).putArray("required")::add);
  }

  private static ObjectNode properties(JsonNode schema) {
    return (ObjectNode) schema.get("properties");
  }
}
