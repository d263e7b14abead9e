/**
 * One optimizer step: objective, backpropagation over micro-batches, the sum over trainers, AdamW;
 * and the state of a run that a step advances.
 */
package dev.alambic.step;
