package dev.alambic.cli.conform;

import dev.alambic.failure.ExitCode;
import dev.alambic.run.Progress;
import dev.alambic.run.RunSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The clauses of docs/trainer-contract.md, held against what a trainer's attempts showed. */
final class Contract {
  /** What Kubernetes keeps of a termination message. */
  private static final int MESSAGE_BYTES = 4096;

  private final RunSpec spec;
  private final List<Finding> findings = new ArrayList<>();

  private Contract(RunSpec spec) {
    this.spec = spec;
  }

  /**
   * The findings on all attempts of one run, in their order.
   *
   * @param stopped asked to stop while it made steps
   * @param killed started again, and killed while it made steps; empty if that was not tried
   * @param finished started again, and let alone
   * @param again started once more when all was done
   * @param refused started with a specification of another version
   */
  static List<Finding> findings(
      RunSpec spec,
      Attempt stopped,
      Optional<Attempt> killed,
      Attempt finished,
      Attempt again,
      Attempt refused) {
    Contract contract = new Contract(spec);
    contract.http(stopped);
    contract.progress(stopped, finished);
    contract.stop(stopped);
    contract.resume(stopped, killed, finished);
    contract.end(finished, again);
    contract.refusal(refused);
    return contract.findings;
  }

  private void add(String clause, String what, boolean kept, String seen) {
    findings.add(Finding.of(clause, what, kept, seen));
  }

  private void http(Attempt attempt) {
    add("2.1", "/healthz answers 200", attempt.healthy(), "it never did");
    add(
        "2.2",
        "/readyz answers 200 while steps are made, and not before",
        !attempt.readyOutOfTraining(),
        "it said ready in another state");
  }

  private void progress(Attempt stopped, Attempt finished) {
    Optional<String> ill = stopped.illSaid().or(finished::illSaid);
    boolean spoke = !stopped.said().isEmpty();
    add(
        "3.1",
        "/progress is a progress",
        spoke && ill.isEmpty(),
        ill.orElse("it never answered with one"));
    add(
        "3.2",
        "version, job and budget are the run's",
        stopped.said().stream().allMatch(this::isOfTheRun),
        "version, job or tokenBudget is another");
    add(
        "3.3",
        "tokens are whole batches, and never fall",
        isOrderly(stopped.said()) && isOrderly(finished.said()),
        "they fell, or were part of a batch");
  }

  private boolean isOfTheRun(Progress progress) {
    return Progress.VERSION.equals(progress.version())
        && spec.job().equals(progress.job())
        && progress.position().tokenBudget() == spec.training().tokenBudget();
  }

  /** From the first step of an attempt on: before it, a trainer need not know how far it was. */
  private boolean isOrderly(List<Progress> said) {
    long before = 0;
    for (Progress progress : said.stream().filter(Attempt::makesSteps).toList()) {
      if (progress.position().tokens() < before
          || progress.position().tokens() % spec.training().batchTokens() != 0) {
        return false;
      }
      before = progress.position().tokens();
    }
    return true;
  }

  private void stop(Attempt stopped) {
    add(
        "4.1",
        "SIGTERM ends it with 75",
        ended(stopped, ExitCode.TRY_AGAIN),
        "it ended with " + stopped.exitCode());
    add(
        "4.2",
        "it leaves progress.json beside the checkpoints: Suspended, with a checkpoint",
        stopped
            .left()
            .filter(
                left ->
                    left.stage().state() == Progress.State.Suspended
                        && left.saved().checkpoint() != null)
            .isPresent(),
        stopped.left().map(left -> "its state is " + left.stage().state()).orElse("it left none"));
    add(
        "4.3",
        "its termination message is a progress of 4096 bytes at most",
        stopped.message().isPresent() && stopped.messageBytes() <= MESSAGE_BYTES,
        stopped.messageBytes()
            + " bytes that are "
            + (stopped.message().isPresent() ? "" : "no ")
            + "progress");
  }

  private void resume(Attempt stopped, Optional<Attempt> killed, Attempt finished) {
    Attempt next = killed.orElse(finished);
    long saved = stopped.left().map(progress -> progress.position().tokens()).orElse(0L);
    add(
        "5.1",
        "restarted, it continues from where it was stopped",
        next.firstTokens() >= saved && saved > 0,
        "it was stopped at %d tokens and went on at %d".formatted(saved, next.firstTokens()));
    killed.ifPresent(
        attempt ->
            add(
                "5.2",
                "killed, it continues from its newest checkpoint",
                finished.firstTokens() >= Math.max(saved, attempt.checkpointTokens()),
                "its checkpoint was of %d tokens, and it went on at %d"
                    .formatted(
                        Math.max(saved, attempt.checkpointTokens()), finished.firstTokens())));
  }

  private void end(Attempt finished, Attempt again) {
    add(
        "6.1",
        "it ends with 0, Complete, its budget spent",
        ended(finished, ExitCode.COMPLETE) && isComplete(finished),
        "it ended with %s after %d tokens".formatted(finished.exitCode(), finished.mostTokens()));
    add(
        "6.2",
        "it says where the student is",
        finished
            .left()
            .filter(left -> spec.student().outputPath().equals(left.saved().modelPath()))
            .isPresent(),
        "modelPath is "
            + finished.left().map(progress -> progress.saved().modelPath()).orElse(null));
    add(
        "6.3",
        "started once more it is complete at once",
        ended(again, ExitCode.COMPLETE) && isComplete(again),
        "it ended with " + again.exitCode());
  }

  private boolean isComplete(Attempt attempt) {
    return attempt
        .left()
        .filter(
            left ->
                left.stage().state() == Progress.State.Complete
                    && left.position().tokens() == spec.training().tokenBudget())
        .isPresent();
  }

  private void refusal(Attempt refused) {
    add(
        "7.1",
        "a specification of another version ends it with 64",
        ended(refused, ExitCode.USAGE),
        "it ended with " + refused.exitCode());
  }

  private static boolean ended(Attempt attempt, ExitCode code) {
    return attempt.exitCode() != null && attempt.exitCode() == code.code();
  }
}
