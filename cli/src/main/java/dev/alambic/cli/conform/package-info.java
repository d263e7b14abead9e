/**
 * Whether a trainer keeps the run contract (docs/trainer-contract.md): it is started, stopped,
 * killed and watched.
 */
package dev.alambic.cli.conform;
