package dev.alambic.tokenizer;

/**
 * A piece of a text, cut so that its tokens are those that it has in the whole.
 *
 * @param starts whether it begins the text; otherwise it continues the piece before
 */
public record TextPiece(String text, boolean starts) {}
