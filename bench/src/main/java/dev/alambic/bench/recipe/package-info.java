/** What benchmarks that train or ask a model have in common. */
package dev.alambic.bench.recipe;
