/**
 * How a run fails: a message for the user, and an exit code that says whether a retry can help. The
 * codes follow sysexits.h and are part of the run contract.
 */
package dev.alambic.failure;
