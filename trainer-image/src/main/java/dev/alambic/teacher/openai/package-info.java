/**
 * A teacher behind an HTTP server that others made: vLLM's OpenAI-compatible server and SGLang's.
 * They tell the most probable ids of each position of a prompt, and nothing of what was trained:
 * everything they say is checked before it is learnt from.
 */
package dev.alambic.teacher.openai;
