package dev.alambic.train;

import dev.alambic.model.Decoder;

/** What training changes, and a checkpoint keeps: weights, their moments, and their average. */
record TrainedTensors(Decoder student, AdamW optimizer, WeightAverage average) {}
