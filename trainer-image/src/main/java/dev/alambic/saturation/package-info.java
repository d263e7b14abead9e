/**
 * Whether more tokens still help: a loss curve, the power law fitted to it, and a verdict. Pure:
 * values in, values out.
 */
package dev.alambic.saturation;
