/**
 * Training a student: step, objective, optimizer, schedule, evaluation, checkpoints, and the loop
 * that joins them.
 */
package dev.alambic.train;
