package dev.alambic.operator.local;

import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.HuggingFaceConfig;
import dev.alambic.operator.plan.Facts;
import dev.alambic.operator.plan.PlanException;
import dev.alambic.run.RunException;
import java.nio.file.Path;
import java.util.List;

/** What a teacher's own folder says of it. */
final class TeacherFacts {
  /** Of a teacher that cannot be read from here. */
  static final Facts.Teacher UNKNOWN = new Facts.Teacher(null, null, null);

  private TeacherFacts() {}

  /**
   * Reads the folder's {@code config.json}.
   *
   * @throws PlanException if it is missing or says what cannot be
   */
  static Facts.Teacher read(Path folder) throws PlanException {
    try {
      DecoderConfig config =
          HuggingFaceConfig.read(folder.resolve(HuggingFaceConfig.FILE_NAME)).decoder();
      return new Facts.Teacher(
          config.parameters(), config.vocabularySize(), config.contextLength());
    } catch (RunException e) {
      throw new PlanException(List.of("spec.teacher.model.uri: " + e.getMessage()));
    }
  }
}
