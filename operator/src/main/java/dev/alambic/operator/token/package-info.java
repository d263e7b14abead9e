/** Makes what nobody can guess. */
package dev.alambic.operator.token;
