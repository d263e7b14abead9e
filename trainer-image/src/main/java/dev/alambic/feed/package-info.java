/**
 * What a trainer learns from and is evaluated on: batches of sequences with the signal of their
 * teacher, from a corpus or from answers of the student.
 */
package dev.alambic.feed;
