/** A student's answer as its teacher reads it, for people. */
package dev.alambic.annotate;
