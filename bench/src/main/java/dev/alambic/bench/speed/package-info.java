/** How fast a training step and a teacher are, beside what the machine's matmul can do. */
package dev.alambic.bench.speed;
