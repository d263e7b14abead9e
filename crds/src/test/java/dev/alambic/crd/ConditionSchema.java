package dev.alambic.crd;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The conditions of a status as Kubernetes' API conventions (metav1.Condition) shape them. */
final class ConditionSchema {
  private ConditionSchema() {}

  static ObjectNode list() {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("type", "array")
        .put(
            "description",
            "What is true, one of each type: Accepted, TeacherReady, Training, Saturated,"
                + " Suspended, Complete, Failed, and for kstatus Ready, Reconciling, Stalled.")
        .put("maxItems", 32)
        .put("x-kubernetes-list-type", "map");
    list.putArray("x-kubernetes-list-map-keys").add("type");
    list.set("items", condition());
    return list;
  }

  private static ObjectNode condition() {
    ObjectNode condition = JsonNodeFactory.instance.objectNode();
    condition.put("type", "object").put("description", "One thing that is true, false or unknown.");
    ObjectNode fields = condition.putObject("properties");
    text(fields, "type", "What the condition is about.", 316);
    text(fields, "status", "True, False or Unknown.", 16);
    List.of("True", "False", "Unknown").forEach(fields.withObject("/status").putArray("enum")::add);
    text(fields, "reason", "Why, in one word for programs.", 1024);
    text(fields, "message", "Why, for people.", 32768);
    text(fields, "lastTransitionTime", "When status last changed, RFC 3339.", 64);
    fields
        .putObject("observedGeneration")
        .put("type", "integer")
        .put("description", "metadata.generation of the spec that this is about.")
        .put("minimum", 0);
    List.of("type", "status", "lastTransitionTime", "reason", "message")
        .forEach(condition.putArray("required")::add);
    return condition;
  }

  private static void text(ObjectNode fields, String name, String description, int longest) {
    fields
        .putObject(name)
        .put("type", "string")
        .put("description", description)
        .put("maxLength", longest);
  }
}
