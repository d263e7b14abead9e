/** The saturation judge on curves whose saturation point is known. */
package dev.alambic.bench.saturation;
