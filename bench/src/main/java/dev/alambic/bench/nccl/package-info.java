/** NCCL on the GPUs of one machine. */
package dev.alambic.bench.nccl;
