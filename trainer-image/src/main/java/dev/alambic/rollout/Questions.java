package dev.alambic.rollout;

import dev.alambic.corpus.SequenceOrder;
import dev.alambic.prompt.Prompt;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.Draws;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The questions of a run, numbered. The prompts come in the order of {@link SequenceOrder}, each as
 * often in a row as it has samples; whether the student or the data answers is drawn.
 */
public final class Questions {
  /** The step of questions that are not learnt from. */
  private static final long HELD_OUT = -1;

  private final List<Prompt> prompts;
  private final SequenceOrder order;
  private final RunSpec.Rollout rollout;

  /**
   * The questions of a run.
   *
   * @param seed of the order
   */
  public Questions(List<Prompt> prompts, long seed, RunSpec.Rollout rollout) {
    this.prompts = prompts;
    this.order = new SequenceOrder(prompts.size(), seed);
    this.rollout = rollout;
  }

  /**
   * The questions of a step, endlessly.
   *
   * @param first number of the first
   */
  public Iterator<Question> from(long first, long step) {
    return LongStream.iterate(first, number -> number + 1)
        .mapToObj(number -> question(number, step))
        .iterator();
  }

  private Question question(long number, long step) {
    Prompt prompt = prompts.get((int) order.index(number / rollout.samplesPerPrompt()));
    boolean own = Draws.uniforms(rollout.seed(), number, 0, 1)[0] < rollout.onPolicyFraction();
    return new Question(
        number, key(number, step), prompt.tokens(), own ? null : prompt.completion());
  }

  /** At most {@code count} prompts, evenly spread, once each, always with the same draws. */
  public static List<Question> heldOut(List<Prompt> prompts, int most) {
    int count = Math.min(most, prompts.size());
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              Prompt prompt = prompts.get((int) ((long) i * prompts.size() / count));
              return new Question(i, key(i, HELD_OUT), prompt.tokens(), null);
            })
        .toList();
  }

  private static long key(long number, long step) {
    return Draws.sequenceKey(
        new int[] {(int) (step >> 32), (int) step, (int) (number >> 32), (int) number});
  }
}
