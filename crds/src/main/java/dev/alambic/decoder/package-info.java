/**
 * The shape of a decoder-only language model, read from and written as a Hugging Face {@code
 * config.json}. Used to plan a student and to load a model.
 */
package dev.alambic.decoder;
