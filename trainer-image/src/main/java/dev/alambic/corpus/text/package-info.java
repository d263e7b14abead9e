/**
 * Files of a corpus, read passage by passage: which files are text, their format, and what happens
 * to bad records.
 */
package dev.alambic.corpus.text;
