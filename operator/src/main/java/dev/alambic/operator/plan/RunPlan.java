package dev.alambic.operator.plan;

import dev.alambic.decoder.DecoderConfig;
import dev.alambic.run.RunSpec;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/**
 * A job, resolved except for where things lie.
 *
 * @param unplaced the run without its paths, endpoints and addresses, which are null
 * @param teacherReplicas teachers that answer; 0 if a server that exists already does
 * @param trainers that share each batch
 * @param memory of one trainer device, in bytes
 * @param gpus that the job's pods ask for
 * @param expectedSaturationTokens tokens after which a student of this size is expected to gain
 *     little
 * @param advice what a user should know before spending GPUs
 */
@RecordBuilder
public record RunPlan(
    RunSpec unplaced,
    int teacherReplicas,
    Trainers trainers,
    MemoryEstimate memory,
    Gpus gpus,
    long expectedSaturationTokens,
    List<Advice> advice)
    implements RunPlanBuilder.With {

  /** The same, but its decay starts at once. */
  public RunPlan finishingNow() {
    return withUnplaced(unplaced.withSaturation(unplaced.saturation().withFinishNow(true)));
  }

  /** The student's shape. */
  public DecoderConfig architecture() {
    return unplaced.student().architecture();
  }

  /** Batches, steps and how they are computed. */
  public RunSpec.Training training() {
    return unplaced.training();
  }

  /** The run specification of teacher and trainer. */
  public RunSpec toRunSpec(Placement placement) {
    return unplaced
        .withTeacher(
            unplaced
                .teacher()
                .withModelPath(placement.models().teacher())
                .withEndpoints(placement.teacherEndpoints()))
        .withStudent(
            new RunSpec.Student(
                architecture(),
                initFrom(placement),
                placement.models().tokenizer(),
                placement.models().student()))
        .withData(
            unplaced
                .data()
                .withPath(placement.text().data())
                .withValidationPath(placement.text().validation())
                .withCachePath(placement.text().tokens()))
        .withSignal(unplaced.signal().withCachePath(placement.signals()))
        .withCheckpoint(unplaced.checkpoint().withPath(placement.checkpoints()))
        .withTrainers(unplaced.trainers().withAddresses(placement.trainers()));
  }

  private RunSpec.InitFrom initFrom(Placement placement) {
    return placement.models().initFrom() == null
        ? null
        : new RunSpec.InitFrom(
            placement.models().initFrom(), unplaced.student().initFrom().asked());
  }
}
