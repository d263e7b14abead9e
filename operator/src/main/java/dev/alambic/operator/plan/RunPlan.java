package dev.alambic.operator.plan;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.api.v1alpha1.OnBadRecord;
import dev.alambic.decoder.AskedShape;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.run.RunSpec;
import java.util.List;

/**
 * A job, wholly resolved but for where things lie.
 *
 * @param job the job's name
 * @param architecture the student's shape
 * @param asked what the spec says of it, for weights that are read later
 * @param textField the document's field in JSON lines
 * @param onBadRecord what becomes of a line that is not a document, or null
 * @param signal what the teacher says of each position; where it is kept is not known yet
 * @param rollout how the student answers prompts, or null
 * @param checkpoint when to save; where is not known yet
 * @param teacher who answers for it
 * @param teacherReplicas teachers that answer
 * @param teacherBatchTokens most tokens in one forward pass of a teacher
 * @param trainers that share each batch
 * @param threads CPU threads for the engine of each process
 * @param memory of one trainer device, in bytes
 * @param gpus that the job's pods ask for
 * @param expectedSaturationTokens tokens after which a student of this size is expected to gain
 *     little
 * @param advice what a user should know before spending GPUs
 */
public record RunPlan(
    String job,
    DecoderConfig architecture,
    AskedShape asked,
    DataFormat dataFormat,
    String textField,
    OnBadRecord onBadRecord,
    RunSpec.Objective objective,
    RunSpec.Signal signal,
    RunSpec.Training training,
    RunSpec.Rollout rollout,
    RunSpec.Evaluation evaluation,
    RunSpec.Saturation saturation,
    RunSpec.Checkpoint checkpoint,
    TeacherServer teacher,
    int teacherReplicas,
    int teacherBatchTokens,
    Trainers trainers,
    int threads,
    MemoryEstimate memory,
    Gpus gpus,
    long expectedSaturationTokens,
    List<Advice> advice) {

  /** The same, but its decay starts at once. */
  public RunPlan finishingNow() {
    return new RunPlan(
        job,
        architecture,
        asked,
        dataFormat,
        textField,
        onBadRecord,
        objective,
        signal,
        training,
        rollout,
        evaluation,
        new RunSpec.Saturation(saturation.action(), saturation.minGain(), true),
        checkpoint,
        teacher,
        teacherReplicas,
        teacherBatchTokens,
        trainers,
        threads,
        memory,
        gpus,
        expectedSaturationTokens,
        advice);
  }

  /** What teacher and trainer are told. */
  public RunSpec toRunSpec(Placement placement) {
    return new RunSpec(
        RunSpec.VERSION,
        job,
        new RunSpec.Teacher(
            placement.teacherModel(),
            placement.teacherEndpoints(),
            teacherBatchTokens,
            teacher.runtime(),
            teacher.servedModel()),
        new RunSpec.Student(
            architecture, initFrom(placement), placement.tokenizer(), placement.student()),
        new RunSpec.Data(
            placement.data(),
            dataFormat,
            textField,
            placement.validation(),
            placement.tokens(),
            onBadRecord),
        objective,
        new RunSpec.Signal(signal.encoding(), signal.size(), signal.seed(), placement.signals()),
        training,
        rollout,
        evaluation,
        new RunSpec.Checkpoint(
            placement.checkpoints(),
            checkpoint.everyTokens(),
            checkpoint.keep(),
            checkpoint.restart()),
        saturation,
        new RunSpec.Trainers(
            placement.trainers(), trainers.sharding(), trainers.count(), trainers.perPod()),
        threads);
  }

  private RunSpec.InitFrom initFrom(Placement placement) {
    return placement.initFrom() == null ? null : new RunSpec.InitFrom(placement.initFrom(), asked);
  }
}
