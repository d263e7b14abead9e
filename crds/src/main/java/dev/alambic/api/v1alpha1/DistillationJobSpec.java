package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.soabase.recordbuilder.core.RecordBuilder;

/** What a user asks for: distil this teacher into a student of this size over this many tokens. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "self.teacher.model == oldSelf.teacher.model"
            + " && self.teacher.runtime == oldSelf.teacher.runtime"
            + " && has(self.teacher.endpoint) == has(oldSelf.teacher.endpoint)"
            + " && has(self.teacher.servedModel) == has(oldSelf.teacher.servedModel)"
            + " && (!has(self.teacher.servedModel)"
            + " || self.teacher.servedModel == oldSelf.teacher.servedModel)"
            + " && has(self.teacher.size) == has(oldSelf.teacher.size)"
            + " && (!has(self.teacher.size) || self.teacher.size == oldSelf.teacher.size)"
            + " && has(self.teacher.vocabularySize) == has(oldSelf.teacher.vocabularySize)"
            + " && (!has(self.teacher.vocabularySize)"
            + " || self.teacher.vocabularySize == oldSelf.teacher.vocabularySize)"
            + " && has(self.teacher.contextLength) == has(oldSelf.teacher.contextLength)"
            + " && (!has(self.teacher.contextLength)"
            + " || self.teacher.contextLength == oldSelf.teacher.contextLength)",
    message =
        "teacher: is immutable, except for replicas, pod, apiKey and another endpoint in place of"
            + " one: make a new job for another teacher",
    fieldPath = ".teacher",
    reason = "FieldValueForbidden")
@ValidationRule(
    value = "self.student == oldSelf.student",
    message = "student: is immutable: make a new job for another student",
    fieldPath = ".student",
    reason = "FieldValueForbidden")
@ValidationRule(
    value = "self.stage == oldSelf.stage",
    message = "stage: is immutable: make a new job for another stage",
    fieldPath = ".stage",
    reason = "FieldValueForbidden")
@ValidationRule(
    value = "self.data == oldSelf.data",
    message = "data: is immutable: make a new job for other data",
    fieldPath = ".data",
    reason = "FieldValueForbidden")
@ValidationRule(
    value = "self.objective == oldSelf.objective",
    message = "objective: is immutable: make a new job for another objective",
    fieldPath = ".objective",
    reason = "FieldValueForbidden")
@ValidationRule(
    value = "self.signal == oldSelf.signal",
    message = "signal: is immutable: make a new job for another signal",
    fieldPath = ".signal",
    reason = "FieldValueForbidden")
@ValidationRule(
    value = "self.training == oldSelf.training",
    message = "training: is immutable: make a new job for other training",
    fieldPath = ".training",
    reason = "FieldValueForbidden")
@ValidationRule(
    value =
        "has(self.rollout) == has(oldSelf.rollout)"
            + " && (!has(self.rollout) || self.rollout == oldSelf.rollout)",
    message = "rollout: is immutable: make a new job for other rollouts",
    fieldPath = ".rollout",
    reason = "FieldValueForbidden")
@ValidationRule(
    // 2.6B is read as the number 2.6e9.
    value =
        "double(string(self.tokenBudget).replace('K', 'e3').replace('M', 'e6')"
            + ".replace('B', 'e9').replace('T', 'e12'))"
            + " >= double(string(oldSelf.tokenBudget).replace('K', 'e3').replace('M', 'e6')"
            + ".replace('B', 'e9').replace('T', 'e12'))",
    message = "tokenBudget: may only grow: suspend or delete the job to stop it early",
    fieldPath = ".tokenBudget",
    reason = "FieldValueForbidden")
@ValidationRule(
    value = "self.stage != 'PostTraining' || has(self.student.initFrom)",
    message =
        "student.initFrom: stage PostTraining needs a student that can answer: name its folder",
    fieldPath = ".student.initFrom",
    reason = "FieldValueRequired")
@ValidationRule(
    value = "self.stage == 'PostTraining' || !has(self.rollout)",
    message = "rollout: only stage PostTraining has rollouts: leave it out, or set stage",
    fieldPath = ".rollout",
    reason = "FieldValueForbidden")
@ValidationRule(
    value = "self.stage != 'PostTraining' || self.signal.mode == 'Online'",
    message =
        "signal.mode: stage PostTraining asks the teacher about answers that do not exist before:"
            + " set Online",
    fieldPath = ".signal.mode",
    reason = "FieldValueInvalid")
@ValidationRule(
    value = "self.stage != 'PostTraining' || self.data.format == 'JSONLines'",
    message =
        "data.format: stage PostTraining reads prompts, one JSON object a line: set JSONLines",
    fieldPath = ".data.format",
    reason = "FieldValueInvalid")
@ValidationRule(
    value =
        "self.stage != 'PostTraining' || !has(self.objective.labelWeight)"
            + " || double(self.objective.labelWeight) == 0.0",
    message =
        "objective.labelWeight: in stage PostTraining the tokens are the student's own, from which"
            + " it learns nothing: set 0 or leave it out",
    fieldPath = ".objective.labelWeight",
    reason = "FieldValueInvalid")
@ValidationRule(
    value = "self.objective.divergence == 'ForwardKL' || self.signal.encoding != 'Sampled'",
    message =
        "signal.encoding: Sampled draws are sound for divergence ForwardKL only: set Dense or"
            + " TopK, or divergence to ForwardKL",
    fieldPath = ".signal.encoding",
    reason = "FieldValueInvalid")
@ValidationRule(
    value =
        "self.signal.encoding != 'Label'"
            + " || (self.stage == 'PostTraining' && self.objective.divergence == 'ReverseKL')",
    message =
        "signal.encoding: Label covers only the student's own tokens, enough only for stage"
            + " PostTraining with divergence ReverseKL: set these, or Sampled, TopK or Dense",
    fieldPath = ".signal.encoding",
    reason = "FieldValueInvalid")
@ValidationRule(
    value =
        "self.signal.encoding != 'Label' || ((!has(self.objective.temperature)"
            + " || double(self.objective.temperature) == 1.0) && (!has(self.rollout)"
            + " || (double(self.rollout.temperature) == 1.0 && double(self.rollout.topP) == 1.0"
            + " && double(self.rollout.onPolicyFraction) == 1.0)))",
    message =
        "signal.encoding: Label needs answers drawn from the student as it is: set"
            + " objective.temperature, rollout.temperature, rollout.topP and"
            + " rollout.onPolicyFraction to 1, or leave them out",
    fieldPath = ".signal.encoding",
    reason = "FieldValueInvalid")
@ValidationRule(
    value = "self.teacher.runtime != 'OpenAI' || self.signal.encoding == 'TopK'",
    message = "signal.encoding: runtime OpenAI answers with the most probable ids only: set TopK",
    fieldPath = ".signal.encoding",
    reason = "FieldValueInvalid")
@ValidationRule(
    value =
        "self.teacher.runtime != 'OpenAI' || !has(self.objective.temperature)"
            + " || double(self.objective.temperature) == 1.0",
    message =
        "objective.temperature: runtime OpenAI answers with probabilities at temperature 1: set 1"
            + " or leave it out",
    fieldPath = ".objective.temperature",
    reason = "FieldValueInvalid")
@ValidationRule(
    value =
        "!has(self.teacher.vocabularySize) || !has(self.student.architecture)"
            + " || !has(self.student.architecture.vocabularySize)"
            + " || self.student.architecture.vocabularySize == self.teacher.vocabularySize",
    message =
        "student.architecture.vocabularySize: must be teacher.vocabularySize, because their"
            + " probabilities are compared: leave it out",
    fieldPath = ".student.architecture.vocabularySize",
    reason = "FieldValueInvalid")
@ValidationRule(
    value =
        "!has(self.teacher.contextLength) || !has(self.training.sequenceLength)"
            + " || self.training.sequenceLength <= self.teacher.contextLength",
    message =
        "training.sequenceLength: must be at most teacher.contextLength, the longest sequence the"
            + " teacher reads",
    fieldPath = ".training.sequenceLength",
    reason = "FieldValueInvalid")
@ValidationRule(
    value =
        "!has(self.student.architecture) || !has(self.student.architecture.contextLength)"
            + " || !has(self.training.sequenceLength)"
            + " || self.training.sequenceLength <= self.student.architecture.contextLength",
    message =
        "training.sequenceLength: must be at most student.architecture.contextLength, the longest"
            + " sequence the student reads",
    fieldPath = ".training.sequenceLength",
    reason = "FieldValueInvalid")
@RecordBuilder
public record DistillationJobSpec(
    @JsonPropertyDescription("The model that is distilled. Required.") @Required
        TeacherSpec teacher,
    @JsonPropertyDescription("The model that is made. Required and immutable.") @Required
        StudentSpec student,
    @JsonPropertyDescription(
            "Tokens the student is trained on: 2T, 2.6B, 500M, 10K or a plain integer; K, M, B and"
                + " T are powers of a thousand. Fewer are used when the student saturates before,"
                + " see saturation. Required; may only grow.")
        @Required
        @Pattern(Patterns.COUNT)
        @Size(min = 1, max = 20)
        String tokenBudget,
    @JsonPropertyDescription(
            "What the student learns from. PreTraining: the teacher's probabilities over a"
                + " corpus. PostTraining: the student answers prompts and the teacher annotates"
                + " the answers (on-policy); needs student.initFrom. Default PreTraining."
                + " Immutable.")
        @Default("PreTraining")
        Stage stage,
    @JsonPropertyDescription(
            "The corpus (PreTraining) or the prompts (PostTraining). Required and immutable.")
        @Required
        DataSpec data,
    @JsonPropertyDescription("What the student minimises. Default: see its fields.") @Default("{}")
        ObjectiveSpec objective,
    @JsonPropertyDescription("The teacher's signal for each token. Default: see its fields.")
        @Default("{}")
        SignalSpec signal,
    @JsonPropertyDescription(
            "Sequences, batches, learning rate, number format and seed. Default: see its fields.")
        @Default("{}")
        TrainingSpec training,
    @JsonPropertyDescription("The trainer pods. Default: see its fields.") @Default("{}")
        TrainerSpec trainer,
    @JsonPropertyDescription(
            "How the student answers prompts; only with stage PostTraining. Default: see its"
                + " fields.")
        RolloutSpec rollout,
    @JsonPropertyDescription("When the trainer saves and where. Default: see its fields.")
        @Default("{}")
        CheckpointSpec checkpoint,
    @JsonPropertyDescription("What to do when more tokens no longer help. Default: see its fields.")
        @Default("{}")
        SaturationSpec saturation,
    @JsonPropertyDescription(
            "Holds the job: the trainer writes a checkpoint and all pods go; false lets it go on"
                + " from there. Default false.")
        @Default("false")
        Boolean suspend,
    @JsonPropertyDescription(
            "Kueue's LocalQueue, in the job's namespace, that the job waits in until there is quota"
                + " for all its pods at once; a job that is evicted writes a checkpoint and waits"
                + " again. May change: a job that runs then stops, and waits in the new queue."
                + " The label kueue.x-k8s.io/queue-name says the same. Needs an operator that was"
                + " installed with kueue.enabled; without a cluster it is ignored. Default: none,"
                + " it starts at once.")
        @Pattern(Patterns.NAME)
        @Size(min = 1, max = 63)
        String queueName,
    @JsonPropertyDescription(
            "Seconds that the job may run, before it fails; time in which it is suspended or waits"
                + " for quota does not count. Default: no limit.")
        @Min(1)
        Long activeDeadlineSeconds,
    @JsonPropertyDescription(
            "Seconds that the job may wait for a teacher that answers, and then for a trainer that"
                + " runs, before it fails and gives back what it holds; it does not run while the"
                + " job waits for quota. Default 3600.")
        @Min(1)
        @Default("" + DistillationJobSpec.DEFAULT_START_DEADLINE_SECONDS)
        Long startDeadlineSeconds,
    @JsonPropertyDescription(
            "Times that the trainer may fail and start again from its checkpoint before the job"
                + " fails; lost nodes do not count. Default 6.")
        @Min(0)
        @Max(1000)
        @Default("" + DistillationJobSpec.DEFAULT_BACKOFF_LIMIT)
        Integer backoffLimit,
    @JsonPropertyDescription(
            "Seconds after its end at which the job is deleted, with what it made except retained"
                + " volumes. Default: never.")
        @Min(0)
        Long ttlSecondsAfterFinished)
    implements DistillationJobSpecBuilder.With {
  /** {@code backoffLimit} where no API server has filled it in. */
  public static final int DEFAULT_BACKOFF_LIMIT = 6;

  /** {@code startDeadlineSeconds} where no API server has filled it in. */
  public static final long DEFAULT_START_DEADLINE_SECONDS = 3600;
}
