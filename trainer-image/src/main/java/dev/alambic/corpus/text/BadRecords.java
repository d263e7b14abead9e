package dev.alambic.corpus.text;

import dev.alambic.api.v1alpha1.OnBadRecord;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.util.ArrayList;
import java.util.List;

/**
 * What becomes of lines that are no record: real data sets have some, and a data set of which most
 * are is the wrong one, or its field has another name.
 */
public final class BadRecords {
  /** Records of which, at the latest, at least half must be good. */
  private static final int JUDGED = 1000;

  /** Fewest records of which a share is meaningful. */
  private static final int ENOUGH = 20;

  private static final int EXAMPLES = 3;

  private final OnBadRecord policy;
  private final List<String> examples = new ArrayList<>();
  private long good;
  private long bad;

  /**
   * Nothing read so far.
   *
   * @param policy or null: records without text are skipped, lines that are no JSON are refused
   */
  public BadRecords(OnBadRecord policy) {
    this.policy = policy;
  }

  public void good() {
    good++;
    judge();
  }

  /** Skips a record that has no text, or refuses it. */
  public void withoutText(RunException what) {
    bad(what, policy == OnBadRecord.Fail);
  }

  /** Skips a line that is not JSON, or refuses it. */
  public void noRecord(RunException what) {
    bad(what, policy != OnBadRecord.Skip);
  }

  private void bad(RunException what, boolean refused) {
    if (refused) {
      throw what;
    }
    bad++;
    if (examples.size() < EXAMPLES) {
      examples.add(what.getMessage());
    }
    judge();
  }

  private void judge() {
    if (good + bad == JUDGED) {
      requireMostGood();
    }
  }

  /**
   * Refuses what has ended and was mostly bad, or all of it. A few prove nothing.
   *
   * @throws RunException DATA with examples
   */
  public void end() {
    if (good == 0 || good + bad >= ENOUGH) {
      requireMostGood();
    }
  }

  private void requireMostGood() {
    if (bad > good) {
      throw new RunException(
          ExitCode.DATA,
          "%d of %d records have no text or prompt: check data.textField and data.format; %s"
              .formatted(bad, good + bad, String.join("; ", examples)));
    }
  }

  /** How many were skipped. */
  public long skipped() {
    return bad;
  }

  /** What was skipped, in a line; empty if nothing was. */
  public String inWords() {
    return bad == 0
        ? ""
        : "%d of %d records skipped: %s"
            .formatted(
                bad, good + bad, String.join("; ", examples) + (bad > EXAMPLES ? "; ..." : ""));
  }
}
