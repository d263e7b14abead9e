/**
 * The maths of Alambic in plain Java, double precision, one position at a time: what the engine is
 * tested against, and what to read to know what is computed. Written from the Gemma 2 report (arXiv
 * 2408.00118) and the papers named at each formula, independently of the engine's sources.
 */
package dev.alambic.model.reference;
