package dev.alambic.operator.plan;

import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.api.v1alpha1.TrainerSpec;
import java.util.Objects;

/**
 * The trainers that share each batch: processes, of which a pod with several GPUs has one for each.
 *
 * @param pods how many
 * @param perPod processes in a pod
 * @param sharding what each of them holds only a part of; None for one that is alone
 */
public record Trainers(int pods, int perPod, Sharding sharding) {
  /** One that is alone. */
  public static final Trainers ONE = new Trainers(1, Sharding.None);

  private static final TrainerSpec NOTHING_SAID = new TrainerSpec(null, null, null);
  private static final String REPLICAS = "trainer.replicas";
  private static final String RESOURCES = "trainer.pod.resources";

  public Trainers {
    sharding = pods * perPod == 1 ? Sharding.None : sharding;
  }

  /** Trainers that each have a pod of their own. */
  public Trainers(int pods, Sharding sharding) {
    this(pods, 1, sharding);
  }

  /** Those that the spec asks for in a cluster. */
  public static Trainers of(DistillationJobSpec spec) {
    return of(spec, Device.of(trainer(spec).pod()));
  }

  /** Those that the spec asks for where trainers compute on this. */
  static Trainers of(DistillationJobSpec spec, Device device) {
    TrainerSpec trainer = trainer(spec);
    return new Trainers(
        Objects.requireNonNullElse(trainer.replicas(), 1),
        device.gpu() ? Math.max(1, Gpus.ofPod(trainer.pod())) : 1,
        Objects.requireNonNullElse(trainer.sharding(), Sharding.None));
  }

  /** The same, and what is wrong with them. */
  static Trainers of(SpecReader reader, DistillationJobSpec spec, Batch batch, Device device) {
    int pods = reader.count(REPLICAS, trainer(spec).replicas(), 1);
    Trainers asked = of(spec, device);
    Trainers trainers = new Trainers(pods, asked.perPod(), asked.sharding());
    reader.require(
        pods == 1 || !Rollouts.has(spec),
        REPLICAS,
        "stage PostTraining trains with one trainer so far: set 1 or leave it out");
    reader.require(
        trainers.perPod() == 1 || !Rollouts.has(spec),
        RESOURCES,
        "stage PostTraining trains with one trainer, on one GPU, so far: ask for 1 GPU, not %d"
            .formatted(trainers.perPod()));
    int count = trainers.count();
    reader.require(
        batch.sequences() % count == 0,
        "training.batchTokens",
        "%s cannot share %d sequences of %d tokens evenly: set %d, or %s to a divisor of %d"
            .formatted(
                trainers.words(),
                batch.sequences(),
                batch.sequenceLength(),
                batch.nearest(count).tokens(),
                trainers.field(),
                batch.sequences()));
    return trainers;
  }

  /** How many share a batch: a process each. */
  public int count() {
    return pods * perPod;
  }

  private String words() {
    return perPod == 1
        ? count() + " trainers"
        : "%d trainers (%d GPUs in each of spec.%s %d)".formatted(count(), perPod, REPLICAS, pods);
  }

  private String field() {
    return perPod == 1
        ? "spec." + REPLICAS
        : "spec.%s times the GPUs of spec.%s".formatted(REPLICAS, RESOURCES);
  }

  /** How many of {@code count} shared numbers each of them holds. */
  long part(long numbers) {
    return (numbers + count() - 1) / count();
  }

  /** Whether the spec asks a single trainer to hold only a part. */
  static boolean shardedAlone(DistillationJobSpec spec, Device device) {
    Sharding asked = trainer(spec).sharding();
    return asked != null && asked != Sharding.None && of(spec, device).count() == 1;
  }

  private static TrainerSpec trainer(DistillationJobSpec spec) {
    return Objects.requireNonNullElse(spec.trainer(), NOTHING_SAID);
  }
}
