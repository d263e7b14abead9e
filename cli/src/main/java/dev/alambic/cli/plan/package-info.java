/** The report of {@code alambic plan}: what a job would take, in numbers and as text. */
package dev.alambic.cli.plan;
