/** Damaged input for every parser: what each makes of it, and what that costs. */
package dev.alambic.bench.fuzz;
