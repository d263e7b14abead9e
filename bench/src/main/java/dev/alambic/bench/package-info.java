/** Benchmarks: each one a command that prints Markdown tables for this module's README. */
package dev.alambic.bench;
