/** What a trainer publishes: progress for the operator, metrics for Prometheus. */
package dev.alambic.progress;
