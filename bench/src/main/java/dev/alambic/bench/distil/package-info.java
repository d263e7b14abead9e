/**
 * Does distillation help at equal tokens, and which teacher helps most? Many small, independent
 * training runs, and two tables of their validation losses.
 */
package dev.alambic.bench.distil;
