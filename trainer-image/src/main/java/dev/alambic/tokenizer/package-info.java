/**
 * Tokenizers of Hugging Face folders, the check that teacher and student share a vocabulary, and a
 * small byte-pair trainer.
 */
package dev.alambic.tokenizer;
