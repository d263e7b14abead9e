/**
 * From a job, its plan, what is observed and the time to what should be there and what is true.
 * Pure: one policy a file, no clock, no calls. The same decisions are carried out as Kubernetes
 * objects and as processes on one machine.
 */
package dev.alambic.operator.lifecycle;
