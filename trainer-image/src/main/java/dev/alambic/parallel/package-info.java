/**
 * Several trainers of one student: how they find each other, what they do together, and how each
 * notices that another is gone.
 */
package dev.alambic.parallel;
