package dev.alambic.operator.plan;

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

  /** What teacher and trainer are told. */
  public RunSpec toRunSpec(Placement placement) {
    RunSpec.Student student = unplaced.student();
    return unplaced.with(
        run ->
            run.teacher(
                    unplaced
                        .teacher()
                        .with(
                            teacher ->
                                teacher
                                    .modelPath(placement.teacherModel())
                                    .endpoints(placement.teacherEndpoints())))
                .student(
                    new RunSpec.Student(
                        student.architecture(),
                        placement.initFrom() == null
                            ? null
                            : new RunSpec.InitFrom(
                                placement.initFrom(), student.initFrom().asked()),
                        placement.tokenizer(),
                        placement.student()))
                .data(
                    unplaced
                        .data()
                        .with(
                            data ->
                                data.path(placement.data())
                                    .validationPath(placement.validation())
                                    .cachePath(placement.tokens())))
                .signal(unplaced.signal().withCachePath(placement.signals()))
                .checkpoint(unplaced.checkpoint().withPath(placement.checkpoints()))
                .trainers(unplaced.trainers().withAddresses(placement.trainers())));
  }
}
