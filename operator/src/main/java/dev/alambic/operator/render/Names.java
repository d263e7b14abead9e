package dev.alambic.operator.render;

import dev.alambic.io.Sha256;
import java.util.regex.Pattern;

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

  /** 44 bits. Neither a time in seconds (10 digits) nor to the minute (12) looks like it. */
  private static final int HASH_DIGITS = 11;

  private static final Pattern SERVICE_NAME = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern LOOKS_SHORTENED =
      Pattern.compile(".*-[0-9a-f]{" + HASH_DIGITS + "}");

  /** The names for a job of this name. */
  public static Names of(String job) {
    return new Names(fits(job) ? job : shortened(job));
  }

  /** A name that looks shortened does not fit either: another job's may be shortened to it. */
  private static boolean fits(String job) {
    return job.length() <= LONGEST_BASE
        && SERVICE_NAME.matcher(job).matches()
        && !LOOKS_SHORTENED.matcher(job).matches();
  }

  private static String shortened(String job) {
    String words = job.replaceAll("[^a-z0-9]", "-");
    String head = words.substring(0, Math.min(words.length(), LONGEST_BASE - HASH_DIGITS - 3));
    // A Service's name starts with a letter.
    return (Character.isLetter(head.charAt(0)) ? head : "j" + head) + "-" + hash(job);
  }

  private static String hash(String text) {
    return Sha256.of(text).substring(0, HASH_DIGITS);
  }

  /** Deployment, Service, PodDisruptionBudget and NetworkPolicy of the teacher. */
  public String teacher() {
    return base + "-teacher";
  }

  /** Job, Service and NetworkPolicy of the trainer. */
  public String trainer() {
    return base + "-trainer";
  }

  /** Job and NetworkPolicy of what fills the signal cache. */
  public String fill() {
    return base + "-fill";
  }

  /** Kueue's Workload, named as Kueue names those of other kinds. */
  public String workload() {
    return "distillationjob-" + base;
  }

  /** ConfigMap with the run specification. */
  public String runSpec() {
    return base + "-run";
  }

  /**
   * Secret with the teacher's token. A job that was deleted and made again has another uid: its
   * token is not the one of its Secret before, which goes a moment later.
   */
  public String teacherToken(String uid) {
    return base + "-token-" + hash(uid);
  }

  /** The claim of the signal cache. */
  public String signals() {
    return base + "-signals";
  }

  /** The claim of the checkpoints. */
  public String checkpoints() {
    return base + "-checkpoints";
  }
}
