package dev.alambic.checkpoint;

import dev.alambic.model.Decoder;
import dev.alambic.parallel.Partition;
import dev.alambic.step.AdamW;

/**
 * What training changes, and a checkpoint keeps: weights, and of this trainer's own segments their
 * moments and average.
 */
public record TrainedTensors(
    Decoder student, Partition partition, AdamW optimizer, WeightAverage average) {}
