package dev.alambic.cli.scaling;

/**
 * How one GPU goes through its part of a batch.
 *
 * @param tokens of a step
 * @param each tokens of a pass; the last has what is left
 * @param recompute whether a layer's forward pass is repeated before its backward pass
 */
record Passes(long tokens, long each, boolean recompute) {}
