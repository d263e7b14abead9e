/**
 * Prompts in, a student's answers out, many at once: the batch keeps full as answers end. Which
 * prompt is answered and what is drawn depends on seed, step and the answer's number alone.
 */
package dev.alambic.rollout;
