package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One value of a Secret, as a Pod names it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SecretKey(
    @JsonPropertyDescription("A Secret of the job's namespace. Required.")
        @Required
        @Pattern(Patterns.NAME)
        @Size(min = 1, max = 253)
        String name,
    @JsonPropertyDescription("The key in the Secret. Required.")
        @Required
        @Pattern(Patterns.SECRET_KEY)
        @Size(min = 1, max = 253)
        String key) {}
