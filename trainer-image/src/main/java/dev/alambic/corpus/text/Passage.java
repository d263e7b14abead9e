package dev.alambic.corpus.text;

/**
 * A piece of a document, no longer than the corpus's format makes it.
 *
 * @param file the file's name below the corpus's folder
 * @param number counts the file's passages (Text) or lines (JSONLines), from 0
 * @param continues whether it continues where the passage before it in the file ended, so that
 *     nothing separates the two
 */
public record Passage(String file, long number, boolean continues, String text) {}
