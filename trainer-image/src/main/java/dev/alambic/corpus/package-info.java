/**
 * From a corpus to training sequences: which text is held out, tokens made window by window and
 * kept on disk, packing, and an order that depends only on seed and position.
 */
package dev.alambic.corpus;
