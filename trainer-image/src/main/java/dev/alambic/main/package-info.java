/**
 * The commands that run inside pods, and the process around them: signals, HTTP endpoints, one
 * process for each GPU.
 */
package dev.alambic.main;
