package dev.alambic.main;

import dev.alambic.api.v1alpha1.TeacherRuntime;
import dev.alambic.decoder.HuggingFaceConfig;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.feed.CachedSignals;
import dev.alambic.feed.SignalSource;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.Fingerprint;
import dev.alambic.signal.ModelDigests;
import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalCodec;
import dev.alambic.signal.SignalSettings;
import dev.alambic.signal.cache.SignalCache;
import dev.alambic.teacher.ConnectedTeacher;
import dev.alambic.teacher.RetryPolicy;
import dev.alambic.teacher.TeacherClient;
import dev.alambic.teacher.TeacherToken;
import dev.alambic.teacher.openai.ApiKey;
import dev.alambic.teacher.openai.OpenAiTeacher;
import dev.alambic.teacher.openai.TeacherRequirements;
import dev.alambic.tokenizer.SharedIds;
import dev.alambic.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A trainer's way to its teacher, if the run has one. With a signal cache the teacher is connected
 * to only when something isn't there: it may never have to be started.
 */
final class TeacherLink implements SignalSource, AutoCloseable {
  private final RunSpec spec;
  private final Tokenizer tokenizer;
  private final SharedIds ids;
  private final Runnable waiting;
  private Fingerprint expected;
  private CachedSignals cached;
  private ConnectedTeacher client;

  private TeacherLink(RunSpec spec, Tokenizer tokenizer, SharedIds ids, Runnable waiting) {
    this.spec = spec;
    this.tokenizer = tokenizer;
    this.ids = ids;
    this.waiting = waiting;
  }

  /**
   * Connects, or opens the cache.
   *
   * @param tokenizer that the student's text was tokenised with
   * @param ids that mean the same to the student
   * @param waiting called when a teacher has to be waited for
   * @throws RunException if no teacher answers, not the one that was asked for, or the cache cannot
   *     be opened
   */
  static TeacherLink open(RunSpec spec, Tokenizer tokenizer, SharedIds ids, Runnable waiting)
      throws InterruptedException {
    TeacherLink link = new TeacherLink(spec, tokenizer, ids, waiting);
    if (spec.teacher() == null) {
      return link;
    }
    if (spec.signal().cachePath() == null) {
      link.connect();
    } else {
      link.openCache();
    }
    return link;
  }

  /** A server doesn't show its weights, so that it has to be asked who it is. */
  private void openCache() throws InterruptedException {
    if (isRemote()) {
      connect();
      expected = client.fingerprint();
    } else {
      expected = fingerprintOf(spec);
      refuseOther(expected);
    }
    cached = new CachedSignals(cacheOf(spec, expected), new SignalCodec(expected), this);
  }

  /**
   * The signal cache of a run.
   *
   * @throws RunException IO if it cannot be opened
   */
  static SignalCache cacheOf(RunSpec spec, Fingerprint fingerprint) {
    Path folder = Path.of(spec.signal().cachePath());
    try {
      return SignalCache.open(folder, fingerprint, System::nanoTime);
    } catch (IOException e) {
      throw new RunException(ExitCode.IO, folder + ": the signal cache cannot be opened: " + e, e);
    }
  }

  /** The teacher's digests that this run expects, computed from the teacher's model folder. */
  static Fingerprint fingerprintOf(RunSpec spec) {
    Path folder = Path.of(spec.teacher().modelPath());
    HuggingFaceConfig config = HuggingFaceConfig.read(folder.resolve(HuggingFaceConfig.FILE_NAME));
    return new Fingerprint(
        Fingerprint.VERSION,
        ModelDigests.of(folder),
        settings(spec).shared(config.decoder().vocabulary().size()),
        config.decoder().vocabulary().softCap(),
        settings(spec));
  }

  static SignalSettings settings(RunSpec spec) {
    RunSpec.Signal signal = spec.signal();
    return new SignalSettings(
        signal.encoding(),
        signal.size(),
        signal.seed(),
        spec.objective().temperature(),
        spec.student().architecture().vocabulary().size());
  }

  private RunException noTeacher() {
    String cache = spec.signal().cachePath();
    return cache == null
        ? new RunException(
            ExitCode.USAGE,
            "teacher.endpoints: is empty, and signal.cachePath names no signals either: give one of"
                + " them")
        : new RunException(
            ExitCode.TEACHER_UNAVAILABLE,
            cache
                + ": the signal cache lacks sequences of this run, and in mode Offline no teacher"
                + " is asked");
  }

  private void connect() throws InterruptedException {
    if (spec.teacher().endpoints().isEmpty()) {
      throw noTeacher();
    }
    waiting.run();
    client =
        isRemote()
            ? OpenAiTeacher.connect(
                wanted(),
                ApiKey.of(System.getenv(RunSpec.TEACHER_API_KEY_VARIABLE)),
                RetryPolicy.DEFAULT)
            : TeacherClient.connect(
                spec.teacher().endpoints(),
                TeacherToken.of(System.getenv(RunSpec.TEACHER_TOKEN_VARIABLE)),
                settings(spec),
                RetryPolicy.DEFAULT);
    try {
      refuseOther(client.fingerprint());
    } catch (RunException e) {
      close();
      throw e;
    }
  }

  private boolean isRemote() {
    return spec.teacher().runtime() == TeacherRuntime.OpenAI;
  }

  private TeacherRequirements wanted() {
    return new TeacherRequirements(
        spec.teacher().endpoints().get(0),
        spec.teacher().servedModel(),
        spec.student().architecture().vocabulary().size(),
        spec.training().sequenceLength() + 1,
        tokenizer.digest(),
        tokenizer::encode,
        settings(spec));
  }

  /** Ids must mean the same to teacher and student, or the student learns nonsense. */
  private void refuseOther(Fingerprint teacher) {
    if (!teacher.model().tokenizer().equals(tokenizer.digest())) {
      throw new RunException(
          ExitCode.DATA,
          "the teacher's tokenizer.json has SHA-256 %s, that of %s has %s: they must be the same"
              .formatted(
                  teacher.model().tokenizer(), spec.student().tokenizerPath(), tokenizer.digest()));
    }
    if (expected != null) {
      teacher
          .differenceFrom(expected)
          .ifPresent(
              difference -> {
                throw new RunException(
                    ExitCode.DATA,
                    "the teacher that answers is not that of %s: its %s"
                        .formatted(spec.teacher().modelPath(), difference));
              });
    }
  }

  /** Where the signals come from; null without a teacher: the student learns from the text. */
  SignalSource signals() {
    if (spec.teacher() == null) {
      return null;
    }
    if (cached == null) {
      return this;
    }
    return sequences -> {
      sequences.forEach(ids::require);
      return cached.score(sequences);
    };
  }

  /**
   * Digests of the teacher's folder; empty without a teacher, or if its server shows no weights.
   */
  Optional<ModelDigests> model() {
    return spec.teacher() == null || isRemote()
        ? Optional.empty()
        : Optional.of((expected == null ? client.fingerprint() : expected).model());
  }

  /** Asks the teacher itself. */
  @Override
  public CompletableFuture<List<Signal>> score(List<int[]> sequences) throws InterruptedException {
    if (client == null) {
      connect();
    }
    SharedIds both = ids.within(client.fingerprint().vocabularySize());
    sequences.forEach(both::require);
    return client.score(sequences);
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
    if (cached != null) {
      cached.close();
    }
  }
}
