/**
 * The run contract: the run specification that the operator gives to pods, and the progress that a
 * trainer reports back, both as JSON. See docs/trainer-contract.md.
 */
package dev.alambic.run;
