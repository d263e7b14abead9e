package dev.alambic.tokenizer;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.util.Map;

/**
 * The ids of the teacher's tokenizer that mean the same to its student, which both have a row for.
 * Others may be in the tokenizer, such as special tokens that one side added, as long as no text
 * has them.
 *
 * @param rows of the smaller of the two embeddings
 * @param others tokens below that which the student does not know, by their id
 */
public record SharedIds(int rows, Map<Integer, String> others) {
  public SharedIds {
    others = Map.copyOf(others);
  }

  /** The same, for a model with this number of rows. */
  public SharedIds within(int more) {
    return new SharedIds(Math.min(rows, more), others);
  }

  /**
   * Refuses a sequence that has others.
   *
   * @throws RunException DATA, naming the token
   */
  public void require(int[] tokens) {
    for (int id : tokens) {
      if (id >= rows) {
        throw new RunException(
            ExitCode.DATA,
            "token %d stands in the text, but teacher and student have %d rows in common: take it out of the text"
                .formatted(id, rows));
      }
      if (!others.isEmpty() && others.containsKey(id)) {
        throw new RunException(
            ExitCode.DATA,
            "token %d, \"%s\", stands in the text, and means something else to student.initFrom: take it out of the text, or a student of the teacher's tokenizer"
                .formatted(id, others.get(id)));
      }
    }
  }
}
