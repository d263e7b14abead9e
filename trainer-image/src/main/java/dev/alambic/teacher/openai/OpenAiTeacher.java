package dev.alambic.teacher.openai;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.signal.Draws;
import dev.alambic.signal.Fingerprint;
import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalCodec;
import dev.alambic.teacher.ConnectedTeacher;
import dev.alambic.teacher.RetryPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A teacher behind an OpenAI-compatible server: vLLM's or SGLang's. It lists the most probable ids
 * of each position, which is less than a distribution: what is learnt from them is biased. Each
 * sequence is one request, and some are under way at a time, which such servers batch themselves.
 */
public final class OpenAiTeacher implements ConnectedTeacher {
  private static final int REQUESTS_AT_A_TIME = 16;
  private static final AtomicInteger THREADS = new AtomicInteger();

  private final Question question;
  private final Retries retries;
  private final Fingerprint fingerprint;
  private final SignalCodec codec;
  private final ExecutorService workers;
  private final Set<Task> open = ConcurrentHashMap.newKeySet();

  private OpenAiTeacher(Question question, Retries retries, Fingerprint fingerprint) {
    this.question = question;
    this.retries = retries;
    this.fingerprint = fingerprint;
    this.codec = new SignalCodec(fingerprint);
    this.workers = Executors.newFixedThreadPool(REQUESTS_AT_A_TIME, OpenAiTeacher::daemon);
  }

  /**
   * Connects: waits until the server answers, and asks it about a sample text.
   *
   * @throws RunException if it doesn't answer within the policy's patience, serves another model,
   *     takes shorter sequences, lists fewer ids than asked for, or answers wrongly
   * @throws InterruptedException if the calling thread is interrupted while it waits
   */
  public static OpenAiTeacher connect(TeacherRequirements wanted, ApiKey key, RetryPolicy policy)
      throws InterruptedException {
    return connect(wanted, key, policy, Timing.SYSTEM);
  }

  static OpenAiTeacher connect(
      TeacherRequirements wanted, ApiKey key, RetryPolicy policy, Timing timing)
      throws InterruptedException {
    ServerUrl server = ServerUrl.of(wanted.endpoint());
    TeacherHttpClient asker = new TeacherHttpClient(server, key, policy.attempt(), timing);
    Retries retries = new Retries(server, policy, timing);
    Introduction introduction = new Introduction(server, asker, retries, wanted);
    ModelCard card = introduction.model();
    Question question = new Question(server, asker, Dialect.of(card), wanted);
    introduction.compareTokenizers(card);
    introduction.probe(question);
    return new OpenAiTeacher(question, retries, wanted.fingerprint(card));
  }

  @Override
  public Fingerprint fingerprint() {
    return fingerprint;
  }

  @Override
  public CompletableFuture<List<Signal>> score(List<int[]> sequences) {
    List<CompletableFuture<Signal>> answers = new ArrayList<>();
    sequences.forEach(sequence -> answers.add(scoreOne(sequence)));
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(done -> answers.stream().map(CompletableFuture::join).toList());
  }

  private CompletableFuture<Signal> scoreOne(int[] sequence) {
    Task task = new Task(sequence);
    open.add(task);
    try {
      workers.execute(task);
    } catch (RejectedExecutionException e) {
      task.giveUp();
    }
    return task.answer.whenComplete((signal, failure) -> open.remove(task));
  }

  /** One sequence that is asked about. */
  private final class Task implements Runnable {
    private final int[] sequence;
    private final CompletableFuture<Signal> answer = new CompletableFuture<>();

    Task(int[] sequence) {
      this.sequence = sequence;
    }

    @Override
    public void run() {
      try {
        answer.complete(recorded(retries.ask(() -> question.ask(sequence)), sequence));
      } catch (InterruptedException e) {
        giveUp();
      } catch (RuntimeException | Error e) { // a bug too must not leave the answer open
        answer.completeExceptionally(e);
      }
    }

    void giveUp() {
      answer.completeExceptionally(
          new RunException(ExitCode.TEACHER_UNAVAILABLE, "the teacher's client is closed"));
    }
  }

  /** Rounded as in a record: what is learnt does not depend on whether it comes from a cache. */
  private Signal recorded(Signal signal, int[] sequence) {
    long key = Draws.sequenceKey(sequence);
    return codec.decode(codec.encode(signal, key), signal.positions(), key);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "openai-teacher-" + THREADS.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    workers.shutdownNow();
    open.forEach(Task::giveUp);
  }
}
