package dev.alambic.operator.plan;

import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.api.v1alpha1.TrainerSpec;
import java.util.Objects;

/**
 * The trainers that share each batch.
 *
 * @param count how many
 * @param sharding what each of them holds only a part of; None for one that is alone
 */
public record Trainers(int count, Sharding sharding) {
  /** One that is alone. */
  public static final Trainers ONE = new Trainers(1, Sharding.None);

  private static final TrainerSpec NOTHING_SAID = new TrainerSpec(null, null, null);
  private static final String REPLICAS = "trainer.replicas";

  public Trainers {
    sharding = count == 1 ? Sharding.None : sharding;
  }

  /** Those that the spec asks for. */
  public static Trainers of(DistillationJobSpec spec) {
    TrainerSpec said = said(spec);
    return new Trainers(
        Objects.requireNonNullElse(said.replicas(), 1),
        Objects.requireNonNullElse(said.sharding(), Sharding.None));
  }

  /** Those that the spec asks for, and what is wrong with them. */
  static Trainers of(SpecReader reader, DistillationJobSpec spec, Batch batch) {
    int count = reader.count(REPLICAS, said(spec).replicas(), 1);
    reader.require(
        count == 1 || !Rollouts.has(spec),
        REPLICAS,
        "stage PostTraining trains with one trainer so far: set 1 or leave it out");
    reader.require(
        batch.sequences() % count == 0,
        "training.batchTokens",
        "%d trainers cannot share %d sequences of %d tokens evenly: set %d, or spec.%s to a divisor of %d"
            .formatted(
                count,
                batch.sequences(),
                batch.sequenceLength(),
                batch.nearest(count).tokens(),
                REPLICAS,
                batch.sequences()));
    return new Trainers(count, of(spec).sharding());
  }

  /** What each of them holds of so many numbers that are shared. */
  long part(long numbers) {
    return (numbers + count - 1) / count;
  }

  /** Whether the spec asks one trainer, which has nobody to share with, to hold a part. */
  static boolean shardedAlone(DistillationJobSpec spec) {
    Sharding asked = said(spec).sharding();
    return asked != null && asked != Sharding.None && of(spec).count() == 1;
  }

  private static TrainerSpec said(DistillationJobSpec spec) {
    return Objects.requireNonNullElse(spec.trainer(), NOTHING_SAID);
  }
}
