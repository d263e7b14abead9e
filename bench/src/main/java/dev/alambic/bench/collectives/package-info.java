/** Collectives over TCP between processes of one machine, beside a bare socket. */
package dev.alambic.bench.collectives;
