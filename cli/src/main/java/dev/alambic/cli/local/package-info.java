/**
 * A job as processes on this machine. Decisions are those of {@code
 * dev.alambic.operator.lifecycle}; this package starts and stops the processes, and observes them.
 */
package dev.alambic.cli.local;
