/** Makes tokens that cannot be guessed. */
package dev.alambic.operator.token;
