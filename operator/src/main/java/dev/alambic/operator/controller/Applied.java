package dev.alambic.operator.controller;

import dev.alambic.io.Sha256;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was applied, so that nothing is applied twice. A child is current if what is wanted is what
 * was applied, and what is there is what came of it: comparing the two objects instead loops on
 * values that the API server writes in another way. After a restart every child is applied once
 * more, which changes nothing.
 */
final class Applied {
  private static final int MOST_REMEMBERED = 100_000;
  private static final int FINGERPRINT_DIGITS = 16;

  private final Map<String, Memory> memories =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Memory> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /**
   * Whether applying would change nothing.
   *
   * @param actual what is there, perhaps as it was a moment ago; null if nothing is
   */
  synchronized boolean current(HasMetadata desired, HasMetadata actual) {
    if (actual == null || actual.getMetadata().getDeletionTimestamp() != null) {
      return false;
    }
    Memory memory = memories.get(key(desired));
    return memory != null
        && memory.uid.equals(actual.getMetadata().getUid())
        && version(actual) <= memory.version
        && Arrays.equals(memory.desired, digest(desired));
  }

  /** Remembers what came of an apply. */
  synchronized void remember(HasMetadata desired, HasMetadata result) {
    memories.put(
        key(desired), new Memory(digest(desired), result.getMetadata().getUid(), version(result)));
  }

  private static String key(HasMetadata object) {
    return object.getKind()
        + "/"
        + object.getMetadata().getNamespace()
        + "/"
        + object.getMetadata().getName();
  }

  /**
   * Grows when the desired state of the object changes: its generation where it has one, which its
   * status does not touch; else its resource version, a number since Kubernetes 1.35 (KEP-5504) and
   * in practice before.
   */
  private static long version(HasMetadata object) {
    Long generation = object.getMetadata().getGeneration();
    if (generation != null) {
      return generation;
    }
    try {
      return Long.parseLong(object.getMetadata().getResourceVersion());
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  /** A digest of the content: the same for the same, by any operator. */
  static String fingerprint(KubernetesResource said) {
    return HexFormat.of().formatHex(digest(said)).substring(0, FINGERPRINT_DIGITS);
  }

  private static byte[] digest(KubernetesResource object) {
    return Sha256.start().digest(Serialization.asJson(object).getBytes(StandardCharsets.UTF_8));
  }

  private static final class Memory {
    final byte[] desired;
    final String uid;
    final long version;

    Memory(byte[] desired, String uid, long version) {
      this.desired = desired;
      this.uid = uid;
      this.version = version;
    }
  }
}
