/** The entry point of the operator image. */
package dev.alambic.operator;
