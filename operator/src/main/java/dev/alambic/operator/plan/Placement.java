package dev.alambic.operator.plan;

import java.util.List;

/**
 * Where things lie, as the processes of the run see them.
 *
 * @param teacherModel Hugging Face folder of the teacher
 * @param teacherEndpoints of the teacher's replicas, as the run specification has them
 * @param tokenizer folder with the tokenizer that teacher and student share
 * @param initFrom Hugging Face folder the student starts from, or null
 * @param student folder for the finished student
 * @param data the corpus, a file or folder
 * @param validation held-out documents, or null
 * @param tokens folder for the tokenised corpus
 * @param checkpoints folder of the checkpoints
 * @param trainers host:port at which each trainer meets the others, by rank
 * @param signals folder where what the teacher says is kept, or null
 */
public record Placement(
    String teacherModel,
    List<String> teacherEndpoints,
    String tokenizer,
    String initFrom,
    String student,
    String data,
    String validation,
    String tokens,
    String checkpoints,
    List<String> trainers,
    String signals) {}
