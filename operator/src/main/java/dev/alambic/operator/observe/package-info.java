/**
 * From Kubernetes objects to what is observed of a job. Pure: the objects are given, nothing is
 * asked for.
 */
package dev.alambic.operator.observe;
