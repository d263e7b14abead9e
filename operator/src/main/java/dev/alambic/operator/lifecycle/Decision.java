package dev.alambic.operator.lifecycle;

/**
 * What to do about a job now.
 *
 * @param desired what should be there
 * @param situation what the decision rests on
 * @param standing where the job stands
 */
public record Decision(Children desired, Situation situation, Standing standing) {}
