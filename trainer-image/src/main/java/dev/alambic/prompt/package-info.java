/** Prompts of post-training: read in the forms of TRL and ShareGPT, and tokenised. */
package dev.alambic.prompt;
