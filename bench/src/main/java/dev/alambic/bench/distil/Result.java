package dev.alambic.bench.distil;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * How a run ended. Losses are nats per token on the whole held-out text.
 *
 * @param corpus digest of the tokens of the text
 * @param commit of the code that ran
 * @param crossEntropy of the trained model
 * @param divergence forward KL from the teacher, estimated from its draws; null without one
 * @param teacherCrossEntropy the teacher's own; null without one
 * @param tokensPerSecond over the last minute of the run
 * @param bytesPerToken of the records of the teacher's signals for held-out text; null without one
 * @param confidence how sure it is on the held-out text, and how often right; null if not measured
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Result(
    Run run,
    String corpus,
    String commit,
    double crossEntropy,
    Double divergence,
    Double teacherCrossEntropy,
    double tokensPerSecond,
    Double bytesPerToken,
    Confidence confidence) {}
