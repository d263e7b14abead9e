/**
 * From a job and its plan to Kubernetes objects. Pure: the same job, plan and settings give equal
 * objects, so that nothing is written when nothing changed.
 */
package dev.alambic.operator.render;
