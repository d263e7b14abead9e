package dev.alambic.train;

import dev.alambic.model.Decoder;
import dev.alambic.parallel.Partition;

/**
 * What training changes, and a checkpoint keeps: weights, and of this trainer's own segments their
 * moments and average.
 */
record TrainedTensors(
    Decoder student, Partition partition, AdamW optimizer, WeightAverage average) {}
