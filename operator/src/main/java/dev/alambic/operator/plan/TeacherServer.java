package dev.alambic.operator.plan;

import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.api.v1alpha1.TeacherRuntime;
import dev.alambic.api.v1alpha1.TeacherSpec;
import dev.alambic.run.RunSpec;
import java.util.Objects;

/**
 * Who answers for the teacher.
 *
 * @param servedModel the model's name on an OpenAI-compatible server; null with the built-in one,
 *     and for the only model of a server that exists already
 */
public record TeacherServer(TeacherRuntime runtime, String servedModel) {

  /** The server that a spec asks for. */
  static TeacherServer of(TeacherSpec spec) {
    TeacherRuntime runtime = Objects.requireNonNullElse(spec.runtime(), TeacherRuntime.Builtin);
    return new TeacherServer(runtime, servedModel(runtime, spec));
  }

  /**
   * A server that the job starts serves the model under its place: a signal cache knows teachers by
   * their names.
   */
  private static String servedModel(TeacherRuntime runtime, TeacherSpec spec) {
    boolean ours = runtime == TeacherRuntime.OpenAI && spec.endpoint() == null;
    return ours && spec.servedModel() == null ? spec.model().uri() : spec.servedModel();
  }

  /** Whether the job's own pods answer, or a server that is there already. */
  public static boolean exists(TeacherSpec spec) {
    return spec.endpoint() != null;
  }

  /** The token after a sequence, and one that such a server always generates. */
  int reserved() {
    return remote() ? 2 : 0;
  }

  boolean remote() {
    return runtime == TeacherRuntime.OpenAI;
  }

  /** Refuses what such a server cannot provide. */
  void check(SpecReader reader, TeacherSpec spec, RunSpec.Signal signal, RunSpec.Objective loss) {
    if (!remote()) {
      return;
    }
    reader.require(
        spec.endpoint() != null || (spec.pod() != null && spec.pod().image() != null),
        "teacher.endpoint",
        "runtime OpenAI needs the server's address, or in pod.image the image that serves it");
    reader.require(
        signal.encoding() == SignalEncoding.TopK,
        "signal.encoding",
        "runtime OpenAI answers with the most probable ids only: set TopK");
    reader.require(
        loss.temperature() == 1,
        "objective.temperature",
        "runtime OpenAI answers with probabilities at temperature 1: set 1 or leave it out");
  }
}
