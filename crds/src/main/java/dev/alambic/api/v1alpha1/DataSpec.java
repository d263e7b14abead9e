package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** The corpus (PreTraining) or the prompts (PostTraining). */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DataSpec(
    @JsonPropertyDescription(
            "The corpus (PreTraining) or the prompts (PostTraining), a file or a folder:"
                + " pvc://CLAIM/PATH inside a persistent volume claim of the job's namespace, or"
                + " file://PATH on this machine in local runs, absolute or relative to the"
                + " manifest's folder. Read again from the start when the token budget is larger"
                + " than it. Required.")
        @Required
        @Pattern(Patterns.LOCATION)
        @Size(min = 1, max = 1024)
        String uri,
    @JsonPropertyDescription(
            "How documents are stored. Text: every file is one document. JSONLines: one JSON object"
                + " a line, the document in textField. Stage PostTraining needs JSONLines: each"
                + " object has prompt, a text, and may have completion; or messages, a"
                + " conversation of objects with role and content. Default Text.")
        @Default("Text")
        DataFormat format,
    @JsonPropertyDescription(
            "The field of each JSON object that holds the document; only read with format"
                + " JSONLines and stage PreTraining. Default text.")
        @Default("text")
        @Size(min = 1, max = 256)
        String textField,
    @JsonPropertyDescription(
            "Held-out documents in the same format, on which loss and saturation are measured."
                + " Default: a fixed twentieth of uri is held out.")
        @Pattern(Patterns.LOCATION)
        @Size(min = 1, max = 1024)
        String validationUri) {}
