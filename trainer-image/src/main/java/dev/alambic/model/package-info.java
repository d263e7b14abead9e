/**
 * Decoders and their weights: the forward pass, safetensors files, Hugging Face folders in and out.
 */
package dev.alambic.model;
