package dev.alambic.operator.lifecycle;

/**
 * What to do about a job now.
 *
 * @param desired what should be there
 * @param input what the decision rests on
 * @param jobState where the job stands
 */
public record Decision(Children desired, DecisionInput input, JobState jobState) {}
