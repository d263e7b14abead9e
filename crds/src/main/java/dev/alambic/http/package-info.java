/** The HTTP side of a process: health, readiness, metrics and progress. */
package dev.alambic.http;
