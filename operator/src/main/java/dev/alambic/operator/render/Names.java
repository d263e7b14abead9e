package dev.alambic.operator.render;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names of a job's children. A job's name may have dots and 253 characters; its children's are DNS
 * labels: a Service's name, and a pod's, {@code BASE-trainer-0-x1y2z}, with room for what
 * Kubernetes adds. A name that is too long or has dots is cut and told apart by a hash of the
 * whole.
 *
 * @param base what all children's names begin with, and the value of the label {@link Labels#JOB}
 */
public record Names(String base) {
  private static final int LONGEST_BASE = 40;
  private static final int HASH_DIGITS = 10;

  /** The names for a job of this name. */
  public static Names of(String job) {
    boolean label = job.matches("[a-z]([-a-z0-9]*[a-z0-9])?");
    return new Names(label && job.length() <= LONGEST_BASE ? job : shortened(job));
  }

  private static String shortened(String job) {
    String words = job.replaceAll("[^a-z0-9]", "-");
    String head = words.substring(0, Math.min(words.length(), LONGEST_BASE - HASH_DIGITS - 3));
    // A Service's name starts with a letter.
    return (Character.isLetter(head.charAt(0)) ? head : "j" + head) + "-" + hash(job);
  }

  private static String hash(String job) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(job.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Deployment, Service, PodDisruptionBudget and NetworkPolicy of the teacher. */
  public String teacher() {
    return base + "-teacher";
  }

  /** Job, Service and NetworkPolicy of the trainer. */
  public String trainer() {
    return base + "-trainer";
  }

  /** ConfigMap with the run specification. */
  public String runSpec() {
    return base + "-run";
  }

  /** The claim of the checkpoints. */
  public String checkpoints() {
    return base + "-checkpoints";
  }
}
