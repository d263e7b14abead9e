/** A bridge into DJL, whose native calls are package-private. Nothing else belongs here. */
package ai.djl.pytorch.jni;
