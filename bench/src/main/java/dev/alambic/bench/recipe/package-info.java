/** What all benchmarks that train a student do alike. */
package dev.alambic.bench.recipe;
