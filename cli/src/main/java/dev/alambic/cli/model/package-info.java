/**
 * Facts of a model folder: parameters, vocabulary, files, and the memory that serving and training
 * it takes.
 */
package dev.alambic.cli.model;
