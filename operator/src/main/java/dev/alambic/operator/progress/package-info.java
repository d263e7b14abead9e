/** Reads the progress of all jobs' trainers, independently of reconciling. */
package dev.alambic.operator.progress;
