package dev.alambic.train;

import dev.alambic.signal.Signal;

/**
 * One sequence to learn from.
 *
 * @param tokens T + 1 ids: T inputs, and the same shifted by one as labels
 * @param signal what the teacher says of the T positions, or null without a teacher
 */
record Example(int[] tokens, Signal signal) {}
