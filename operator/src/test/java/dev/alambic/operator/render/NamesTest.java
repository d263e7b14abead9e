package dev.alambic.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NamesTest {
  private static final String LETTERS_AND_DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int LONGEST_LABEL = 63;

  /** The last index of the most replicas, and the suffix of a pod's name. */
  private static final String OF_POD = "-4095-x1y2z";

  @Test
  void aPlainNameIsKept() {
    Names names = Names.of("gemma2-2b");
    assertThat(names.base()).isEqualTo("gemma2-2b");
    assertThat(names.teacher()).isEqualTo("gemma2-2b-teacher");
    assertThat(names.trainer()).isEqualTo("gemma2-2b-trainer");
    assertThat(names.runSpec()).isEqualTo("gemma2-2b-run");
    assertThat(names.checkpoints()).isEqualTo("gemma2-2b-checkpoints");
  }

  @Test
  void aTimeAtTheEndIsNoHash() {
    assertThat(Names.of("run-1700000000").base()).isEqualTo("run-1700000000");
    assertThat(Names.of("run-202611241200").base()).isEqualTo("run-202611241200");
  }

  @Test
  void anyNameGivesNamesThatKubernetesTakes() {
    Random random = new Random(1);
    for (int i = 0; i < 5_000; i++) {
      Names names = Names.of(randomName(random));
      assertThat(
              Stream.of(
                  names.base(),
                  names.teacher(),
                  names.trainer() + OF_POD,
                  names.runSpec(),
                  names.checkpoints()))
          .allMatch(name -> name.matches("[a-z]([-a-z0-9]*[a-z0-9])?"))
          .allMatch(name -> name.length() <= LONGEST_LABEL);
    }
  }

  @Test
  void noTwoJobsShareAName() {
    Random random = new Random(2);
    Map<String, String> jobs = new HashMap<>();
    for (int i = 0; i < 5_000; i++) {
      String job = randomName(random);
      for (String each : new String[] {job, dotted(job), Names.of(job).base(), job + "0"}) {
        String other = jobs.putIfAbsent(Names.of(each).base(), each);
        assertThat(other == null || other.equals(each)).as("%s and %s", other, each).isTrue();
      }
    }
  }

  @Test
  void aJobNamedLikeAShortenedOneIsAnother() {
    String shortened = Names.of("a.b").base();
    assertThat(shortened).startsWith("a-b-");
    assertThat(Names.of(shortened).base()).isNotEqualTo(shortened);
  }

  private static String dotted(String job) {
    return job.replaceFirst("(?<=[a-z0-9])-(?=[a-z0-9])", ".");
  }

  /** A name that Kubernetes takes for a job: labels of letters, digits and dashes, with dots. */
  private static String randomName(Random random) {
    int length = 1 + random.nextInt(random.nextBoolean() ? 45 : 253);
    StringBuilder name = new StringBuilder();
    while (name.length() < length) {
      boolean edge = name.isEmpty() || name.length() == length - 1 || ".-".indexOf(last(name)) >= 0;
      int kind = edge ? 2 : random.nextInt(20);
      name.append(kind == 0 ? '.' : kind == 1 ? '-' : letter(random));
    }
    return name.toString();
  }

  private static char last(StringBuilder name) {
    return name.charAt(name.length() - 1);
  }

  private static char letter(Random random) {
    return LETTERS_AND_DIGITS.charAt(random.nextInt(LETTERS_AND_DIGITS.length()));
  }
}
