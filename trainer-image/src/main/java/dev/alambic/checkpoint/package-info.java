/**
 * Checkpoints: what training changes, copied into host memory, written in the background, verified
 * and restored. A resumed run ends with the same bits as one that never stopped.
 */
package dev.alambic.checkpoint;
