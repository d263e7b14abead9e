package dev.alambic.tokenizer;

/**
 * A piece of a text, cut so that its tokens are those that it has in the whole.
 *
 * @param starts whether it is the text's beginning; else it goes on from the piece before
 */
public record TextPiece(String text, boolean starts) {}
