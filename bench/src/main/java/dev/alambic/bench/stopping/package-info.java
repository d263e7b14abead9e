/** Does stopping at saturation save tokens and cost nothing? Small runs on real text. */
package dev.alambic.bench.stopping;
