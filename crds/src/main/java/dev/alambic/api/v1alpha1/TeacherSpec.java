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

/** The model that is distilled. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "self.runtime != 'OpenAI' || has(self.endpoint) || (has(self.pod) && has(self.pod.image))",
    message =
        "endpoint: runtime OpenAI needs the server's address, or in pod.image the image that"
            + " serves it",
    fieldPath = ".endpoint",
    reason = "FieldValueRequired")
@ValidationRule(
    value = "self.runtime == 'OpenAI' || !has(self.endpoint)",
    message =
        "endpoint: only runtime OpenAI talks to a server that exists already: set runtime to"
            + " OpenAI, or leave endpoint out",
    fieldPath = ".endpoint",
    reason = "FieldValueForbidden")
@ValidationRule(
    value = "!has(self.endpoint) || !has(self.pod)",
    message =
        "pod: with endpoint the server exists already and no teacher pods are made: leave pod or"
            + " endpoint out",
    fieldPath = ".pod",
    reason = "FieldValueForbidden")
@ValidationRule(
    value = "self.runtime == 'OpenAI' || !has(self.servedModel)",
    message =
        "servedModel: only a server of runtime OpenAI has names for its models: set runtime to"
            + " OpenAI, or leave servedModel out",
    fieldPath = ".servedModel",
    reason = "FieldValueForbidden")
@ValidationRule(
    value = "self.runtime == 'OpenAI' || !has(self.apiKey)",
    message =
        "apiKey: only a server of runtime OpenAI asks for a key: set runtime to OpenAI, or leave"
            + " apiKey out",
    fieldPath = ".apiKey",
    reason = "FieldValueForbidden")
public record TeacherSpec(
    @JsonPropertyDescription(
            "The teacher's weights and tokenizer. With an endpoint only the tokenizer is read."
                + " Required and immutable.")
        @Required
        ModelSource model,
    @JsonPropertyDescription(
            "Who answers for the teacher. Builtin: Alambic's own teacher server. OpenAI: an"
                + " OpenAI-compatible server (such as vLLM) that exists (endpoint) or is started"
                + " (pod.image). Default Builtin. Immutable.")
        @Default("Builtin")
        TeacherRuntime runtime,
    @JsonPropertyDescription(
            "The address of an OpenAI-compatible server that exists already, such as"
                + " http://vllm.models:8000/v1; no teacher pods are made. Only with runtime"
                + " OpenAI. Default: none.")
        @Pattern(Patterns.HTTP_URL)
        @Size(min = 1, max = 1024)
        String endpoint,
    @JsonPropertyDescription(
            "The model's name on the server. Only with runtime OpenAI. Default: with endpoint the"
                + " only model that the server lists; with pod.image the model's uri. Immutable.")
        @Pattern(Patterns.SERVED_MODEL)
        @Size(min = 1, max = 512)
        String servedModel,
    @JsonPropertyDescription(
            "The Secret that holds the server's API key. Only with runtime OpenAI. Default: none is"
                + " sent.")
        SecretKey apiKey,
    @JsonPropertyDescription(
            "The teacher's parameters: 27B, 500M or a plain integer. Used for advice and to"
                + " balance teacher against trainer pods before the teacher has been read."
                + " Default: read from the model where the operator can, otherwise unknown."
                + " Immutable.")
        @Pattern(Patterns.COUNT)
        @Size(min = 1, max = 20)
        String size,
    @JsonPropertyDescription(
            "Tokens in the teacher's vocabulary, which is also the student's. Default: read from"
                + " the model; set it where the operator cannot read the model, so that the"
                + " student's size is counted right. Immutable.")
        @Min(2)
        @Max(4194304)
        Integer vocabularySize,
    @JsonPropertyDescription(
            "The longest sequence the teacher reads, in tokens. Default: read from the model;"
                + " where it is known, a longer training.sequenceLength is refused. Immutable.")
        @Min(1)
        @Max(16777216)
        Integer contextLength,
    @JsonPropertyDescription(
            "Teacher pods that share the load; each holds the whole teacher. Default 1. May"
                + " change while the job runs.")
        @Min(1)
        @Max(1024)
        @Default("1")
        Integer replicas,
    @JsonPropertyDescription(
            "Image, resources, placement and environment of the teacher pods. Default: the"
                + " operator's teacher image, no resources asked for.")
        PodOverrides pod) {}
