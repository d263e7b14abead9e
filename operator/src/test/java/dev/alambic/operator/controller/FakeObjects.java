package dev.alambic.operator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** The objects of the fake API server, and all that happened to them. */
final class FakeObjects {
  /** One change, as a watch tells it. */
  record Change(long version, ApiPath path, String type, ObjectNode object) {
    String json() {
      return "{\"type\":\"" + type + "\",\"object\":" + object + "}";
    }
  }

  private static final long LOOK_UP_MILLIS = 20;

  private final Map<String, ObjectNode> objects = new TreeMap<>();
  private final List<Change> changes = new ArrayList<>();
  private long version = 100;
  private long uids;

  synchronized ObjectNode get(ApiPath path) {
    return objects.get(path.key(path.name()));
  }

  synchronized List<ObjectNode> all() {
    return List.copyOf(objects.values());
  }

  /** What a list request answers. */
  synchronized ObjectNode list(ApiPath path) {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("kind", "List").put("apiVersion", "v1");
    list.putObject("metadata").put("resourceVersion", Long.toString(version));
    list.putArray("items")
        .addAll(
            objects.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(path.resource() + "/"))
                .map(Map.Entry::getValue)
                .toList());
    return list;
  }

  /** Makes an object that is not there yet. */
  synchronized ObjectNode create(ApiPath path, JsonNode wanted) {
    ObjectNode object = wanted.deepCopy();
    ObjectNode metadata = object.withObject("metadata");
    if (!metadata.has("name")) {
      metadata.put("name", metadata.get("generateName").asText() + uids);
    }
    metadata.put("namespace", path.namespace()).put("uid", "uid-" + ++uids);
    metadata.put("creationTimestamp", "2026-11-24T12:00:00Z");
    if (path.hasGeneration()) {
      metadata.put("generation", 1);
    }
    return store(path, "ADDED", object);
  }

  /** Server-side apply with one applier: what is given takes the place of what was. */
  synchronized ObjectNode apply(ApiPath path, JsonNode wanted) {
    ObjectNode before = get(path);
    if (before == null) {
      return create(path, wanted);
    }
    ObjectNode after = before.deepCopy();
    wanted
        .properties()
        .forEach(
            field -> {
              if (path.status() == "status".equals(field.getKey())
                  && !"metadata".equals(field.getKey())) {
                after.set(field.getKey(), field.getValue());
              }
            });
    if (after.equals(before)) {
      return before;
    }
    if (path.hasGeneration() && !path.status()) {
      ObjectNode metadata = after.withObject("metadata");
      metadata.put("generation", metadata.get("generation").asLong() + 1);
    }
    return store(path, "MODIFIED", after);
  }

  synchronized ObjectNode delete(ApiPath path) {
    ObjectNode gone = objects.remove(path.key(path.name())).deepCopy();
    return tell(path, "DELETED", gone);
  }

  /** The changes of this kind after a version: waits for one, unless nobody listens any more. */
  synchronized List<Change> after(long seen, ApiPath path, BooleanSupplier over)
      throws InterruptedException {
    List<Change> found = changes(seen, path);
    while (found.isEmpty() && !over.getAsBoolean()) {
      wait(LOOK_UP_MILLIS);
      found = changes(seen, path);
    }
    return found;
  }

  private List<Change> changes(long seen, ApiPath path) {
    return changes.stream()
        .filter(change -> change.version() > seen)
        .filter(change -> change.path().resource().equals(path.resource()))
        .toList();
  }

  private ObjectNode store(ApiPath path, String type, ObjectNode object) {
    objects.put(path.key(object.at("/metadata/name").asText()), object);
    return tell(path, type, object);
  }

  private ObjectNode tell(ApiPath path, String type, ObjectNode object) {
    object.withObject("metadata").put("resourceVersion", Long.toString(++version));
    changes.add(new Change(version, path, type, object));
    notifyAll();
    return object;
  }
}
