package dev.alambic.rollout;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.alambic.generate.Sampling;
import dev.alambic.model.Decoder;
import dev.alambic.model.KeyValueCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Answers questions through a cache, many at once: where an answer ends, the next question begins.
 * An answer's draws depend on the seed, its question's key and the position alone.
 *
 * @param decoder whose thread has been prepared, without gradients
 * @param sampling how tokens are chosen
 * @param maxNewTokens of the longest answer, 1 or more
 * @param longest most tokens of prompt and answer together
 * @param end tokens that end an answer
 * @param slots answers that are written at once, 1 or more
 */
public record Answering(
    Decoder decoder,
    Sampling sampling,
    int maxNewTokens,
    int longest,
    Set<Integer> end,
    int slots) {
  public Answering {
    end = Set.copyOf(end);
  }

  /** Answers all questions. */
  public List<Answer> all(Iterator<Question> questions) throws InterruptedException {
    return answer(questions, Long.MAX_VALUE, AnswerListener.NONE);
  }

  /**
   * Answers questions until the answers, in the order of the questions, have enough tokens; the
   * last is cut to that number. Which answers these are depends on no answer's length but those
   * before it, so that short ones, which are done sooner, are not more likely to be among them.
   *
   * @param tokens of all answers together; fewer if the questions end
   */
  public List<Answer> answer(Iterator<Question> questions, long tokens, AnswerListener listener)
      throws InterruptedException {
    try (DecodingLoop loop = new DecodingLoop(questions, tokens, listener)) {
      return loop.work();
    }
  }

  /** The state of one call while answers are written. */
  private final class DecodingLoop implements AutoCloseable {
    private final Iterator<Question> questions;
    private final long wanted;
    private final AnswerListener listener;
    private final Chooser chooser = new Chooser(decoder, sampling);
    private final List<Draft> drafts = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private final KeyValueCache cache = decoder.ring(slots, longest);
    private Draft[] rows = new Draft[slots];
    private long written;
    private long answered;

    DecodingLoop(Iterator<Question> questions, long wanted, AnswerListener listener) {
      this.questions = questions;
      this.wanted = wanted;
      this.listener = listener;
    }

    List<Answer> work() throws InterruptedException {
      while (true) {
        begin();
        handIn();
        if (answered >= wanted || Arrays.stream(rows).noneMatch(DecodingLoop::open)) {
          return answers;
        }
        shrink();
        step();
      }
    }

    private static boolean open(Draft draft) {
      return draft != null && !draft.done();
    }

    /** Takes questions for free rows. One is needed only if all before it have too few tokens. */
    private void begin() {
      for (int row = 0; row < rows.length; row++) {
        while (!open(rows[row]) && written < wanted && questions.hasNext()) {
          Draft draft = Draft.of(questions.next(), maxNewTokens);
          drafts.add(draft);
          written += draft.length();
          if (!draft.done()) {
            rows[row] = draft;
            read(draft, row);
          }
        }
      }
    }

    private void read(Draft draft, int row) {
      int[] prompt = draft.question().prompt();
      cache.restart(row, prompt.length);
      try (NDManager scope = decoder.manager().newSubManager()) {
        NDArray ids = Decoder.ids(scope, List.of(prompt), prompt.length);
        NDArray hidden = decoder.prefill(scope, ids, cache, row).reshape(prompt.length, -1);
        NDArray last = hidden.get(new NDIndex("{}:", prompt.length - 1));
        last.attach(scope);
        add(List.of(draft), chooser.choose(scope, last, List.of(draft)));
      }
    }

    private void add(List<Draft> open, Chooser.Choice choice) {
      for (int i = 0; i < open.size(); i++) {
        int token = (int) choice.ids()[i];
        if (open(open.get(i))) {
          open.get(i).add(token, choice.logProbabilities()[i], end.contains(token));
          written++;
        }
      }
    }

    /** Reports the answers that are done with all before them. */
    private void handIn() throws InterruptedException {
      while (answered < wanted && answers.size() < drafts.size()) {
        Draft draft = drafts.get(answers.size());
        if (!draft.done()) {
          return;
        }
        Answer answer = draft.answer().first(wanted - answered);
        answers.add(answer);
        answered += answer.length();
        listener.answered(answer);
      }
    }

    /** Where no question is left and half of the rows are idle, the batch becomes smaller. */
    private void shrink() {
      Draft[] old = rows;
      int[] busy = IntStream.range(0, old.length).filter(row -> open(old[row])).toArray();
      boolean neverUsed = Arrays.stream(old).anyMatch(Objects::isNull);
      if (neverUsed || 2 * busy.length <= old.length) {
        decoder.keep(cache, busy);
        rows = Arrays.stream(busy).mapToObj(row -> old[row]).toArray(Draft[]::new);
      }
    }

    /** One more token of each row; the output of an idle row is ignored. */
    private void step() {
      long[] last = new long[rows.length];
      for (int row = 0; row < rows.length; row++) {
        last[row] = rows[row].last();
        if (cache.length(row) == cache.slots()) {
          cache.restart(row, 1);
        }
      }
      try (NDManager scope = decoder.manager().newSubManager()) {
        NDArray ids = scope.create(last, new Shape(last.length, 1));
        NDArray hidden = decoder.step(scope, ids, cache).reshape(last.length, -1);
        List<Draft> all = Arrays.asList(rows);
        add(all, chooser.choose(scope, hidden, all));
      }
    }

    @Override
    public void close() {
      cache.close();
      chooser.close();
    }
  }
}
