package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** Where a Hugging Face model folder is. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelSource(
    @JsonPropertyDescription(
            "A Hugging Face folder (config.json, *.safetensors, tokenizer.json):"
                + " pvc://CLAIM/PATH inside a persistent volume claim of the job's namespace, or"
                + " file://PATH on this machine in local runs, absolute or relative to the"
                + " manifest's folder. Required.")
        @Required
        @Pattern(Patterns.LOCATION)
        @Size(min = 1, max = 1024)
        String uri) {}
