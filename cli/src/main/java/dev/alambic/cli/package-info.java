/**
 * The commands of a person at a terminal: run a job on this machine, plan one, train a small
 * teacher, inspect a model folder, check a trainer against its contract.
 */
package dev.alambic.cli;
