package dev.alambic.operator.plan;

import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.api.v1alpha1.PodOverrides;
import dev.alambic.io.Mounted;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Names in a job's pods that Alambic needs for itself: what it is found by, where it finds its
 * files, and what it listens on. A user's thing of the same name is refused by field, because one
 * of the two would be left out without a word. All other names are the user's: of volumes ours give
 * way, and a variable, or a mount at /tmp or /dev/shm, takes the place of ours.
 */
public final class ReservedNames {
  /** Health, metrics and progress, of teacher and trainer. */
  public static final int HTTP_PORT = 8080;

  /** The teacher's answers. */
  public static final int TEACHER_PORT = 9090;

  /** The first trainer of a pod, to its peers. */
  public static final int PEER_PORT = 9091;

  /** The teacher's answers, where vLLM runs it. */
  public static final int VLLM_PORT = 8000;

  private static final String OURS = "alambic.dev/";
  private static final Set<String> LABELS =
      Set.of("app.kubernetes.io/component", "app.kubernetes.io/managed-by");
  private static final Set<String> CONTAINERS = Set.of("teacher", "trainer", "fill");

  /** Where the kubelet mounts the file of a container's last words. */
  private static final String LAST_WORDS = "/dev/termination-log";

  private final SpecReader reader;
  private final String pod;
  private final Set<Integer> ports;

  private ReservedNames(SpecReader reader, String pod, Set<Integer> ports) {
    this.reader = reader;
    this.pod = pod;
    this.ports = ports;
  }

  static void check(SpecReader reader, DistillationJobSpec spec) {
    new ReservedNames(reader, "teacher.pod.", Set.of(HTTP_PORT, TEACHER_PORT, VLLM_PORT))
        .check(spec.teacher().pod());
    new ReservedNames(reader, "trainer.pod.", Set.of(HTTP_PORT, PEER_PORT))
        .check(spec.trainer() == null ? null : spec.trainer().pod());
  }

  private void check(PodOverrides asked) {
    if (asked == null) {
      return;
    }
    keys("labels", asked.labels());
    keys("annotations", asked.annotations());
    List<VolumeMount> mounts = orNone(asked.volumeMounts());
    for (int i = 0; i < mounts.size(); i++) {
      mount("volumeMounts[%d].mountPath".formatted(i), mounts.get(i).getMountPath());
    }
    List<Container> containers = orNone(asked.initContainers());
    for (int i = 0; i < containers.size(); i++) {
      container("initContainers[%d].".formatted(i), containers.get(i));
    }
  }

  private void keys(String field, Map<String, String> given) {
    if (given != null) {
      given.keySet().stream()
          .filter(key -> key.startsWith(OURS) || (field.equals("labels") && LABELS.contains(key)))
          .sorted()
          .forEach(key -> refuse("%s[%s]".formatted(field, key), "the key is"));
    }
  }

  private void mount(String field, String path) {
    String place = path == null ? "/" : normalized(path);
    if (place.equals("/")
        || place.equals(LAST_WORDS)
        || (place + "/").startsWith(Mounted.FOLDER + "/")) {
      refuse(field, place.equals("/") ? "/ is the image's, and what is below it" : place + " is");
    }
  }

  private void container(String field, Container container) {
    if (CONTAINERS.contains(container.getName())) {
      refuse(field + "name", container.getName() + " is");
    }
    List<ContainerPort> given = orNone(container.getPorts());
    for (int i = 0; i < given.size(); i++) {
      Integer port = given.get(i).getContainerPort();
      // One that has ended before ours starts listens no more.
      if ("Always".equals(container.getRestartPolicy()) && port != null && ports.contains(port)) {
        refuse(field + "ports[%d].containerPort".formatted(i), port + " is");
      }
    }
  }

  private void refuse(String field, String what) {
    reader.problem(pod + field, what + " Alambic's own: choose another");
  }

  /** The place that a path means: absolute, without {@code .}, {@code ..} and empty parts. */
  public static String normalized(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return "/" + String.join("/", parts);
  }

  private static <T> List<T> orNone(Collection<T> values) {
    return values == null ? List.of() : List.copyOf(values);
  }
}
