/**
 * A teacher's signal at one position of a text: the distribution of the next token, dense or as
 * seeded draws, and its binary record, the same on the wire and on disk.
 */
package dev.alambic.signal;
