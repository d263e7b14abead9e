/** The loop of a training run. */
package dev.alambic.train;
