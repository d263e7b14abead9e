/**
 * A calculation of step times on 8 to 512 H100 GPUs, from published specifications. It was compared
 * with published runs, never with a run of this trainer on GPUs.
 */
package dev.alambic.cli.scaling;
