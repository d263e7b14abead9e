/** What a teacher's server costs beside the forward pass of the model it serves. */
package dev.alambic.bench.server;
