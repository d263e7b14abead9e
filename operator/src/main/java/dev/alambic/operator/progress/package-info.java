/** Reads what the trainers of all jobs say of themselves, beside the reconciling. */
package dev.alambic.operator.progress;
