/** Several trainers of one student: what each holds in memory, and what becomes of the losses. */
package dev.alambic.bench.trainers;
