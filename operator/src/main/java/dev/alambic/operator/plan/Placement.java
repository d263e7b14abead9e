package dev.alambic.operator.plan;

import java.util.List;

/**
 * Where things lie, as the processes of the run see them.
 *
 * @param teacherEndpoints of the teacher's replicas, as the run specification has them
 * @param checkpoints folder of the checkpoints
 * @param trainers host:port at which each trainer meets the others, by rank
 * @param signals folder where the teacher's signals are kept, or null
 */
public record Placement(
    Models models,
    List<String> teacherEndpoints,
    Text text,
    String checkpoints,
    List<String> trainers,
    String signals) {

  /**
   * Folders of models.
   *
   * @param teacher Hugging Face folder of the teacher
   * @param tokenizer folder with the tokenizer that teacher and student share
   * @param initFrom Hugging Face folder the student starts from, or null
   * @param student folder for the finished student
   */
  public record Models(String teacher, String tokenizer, String initFrom, String student) {}

  /**
   * What is learnt from.
   *
   * @param data the corpus, a file or folder
   * @param validation held-out documents, or null
   * @param tokens folder for the tokenised corpus
   */
  public record Text(String data, String validation, String tokens) {}
}
