/**
 * What monitoring reads of the operator: its jobs, by name and only while they exist, and its own
 * work. docs/metrics.md lists all of it.
 */
package dev.alambic.operator.metrics;
