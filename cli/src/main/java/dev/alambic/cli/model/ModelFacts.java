package dev.alambic.cli.model;

import dev.alambic.api.v1alpha1.TeacherSpec;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.HuggingFaceConfig;
import dev.alambic.failure.RunException;
import dev.alambic.operator.plan.Facts;
import dev.alambic.operator.plan.PlanException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Facts about models, from their own folders. */
public final class ModelFacts {
  private ModelFacts() {}

  /**
   * Of a teacher. With an endpoint the folder may hold the tokenizer alone.
   *
   * @param folder or null: it cannot be read from here
   * @throws PlanException if its {@code config.json} is missing or says what cannot be
   */
  public static Facts.Teacher teacher(TeacherSpec spec, Path folder) throws PlanException {
    boolean tokenizerAlone =
        spec.endpoint() != null
            && folder != null
            && !Files.exists(folder.resolve(HuggingFaceConfig.FILE_NAME));
    if (folder == null || tokenizerAlone) {
      return new Facts.Teacher(null, null, null);
    }
    DecoderConfig shape = shape("spec.teacher.model.uri", folder);
    return new Facts.Teacher(
        shape.parameters(), shape.vocabulary().size(), shape.positions().contextLength());
  }

  /**
   * Of the weights that a student starts from.
   *
   * @param folder or null: there are none, or they cannot be read from here
   * @return the shape, or null
   * @throws PlanException as {@link #teacher}
   */
  public static DecoderConfig start(Path folder) throws PlanException {
    return folder == null ? null : shape("spec.student.initFrom.uri", folder);
  }

  private static DecoderConfig shape(String field, Path folder) throws PlanException {
    try {
      return HuggingFaceConfig.read(folder.resolve(HuggingFaceConfig.FILE_NAME)).decoder();
    } catch (RunException e) {
      throw new PlanException(List.of(field + ": " + e.getMessage()));
    }
  }
}
