/**
 * From a spec to a plan: the student's shape, batches, schedule, memory and advice. Pure: records
 * in, records out.
 */
package dev.alambic.operator.plan;
