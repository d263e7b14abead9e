package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;

/** The teacher's signal at each position. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.size) || self.encoding in ['TopK', 'Sampled']",
    message = "size: encoding Dense holds the whole vocabulary and Label one token: leave size out",
    fieldPath = ".size",
    reason = "FieldValueForbidden")
@ValidationRule(
    value = "self.mode != 'Offline' || has(self.cache)",
    message =
        "cache: mode Offline keeps what the teacher says on a volume: name it in cache.volume",
    fieldPath = ".cache",
    reason = "FieldValueRequired")
public record SignalSpec(
    @JsonPropertyDescription(
            "How the teacher's distribution at one position is written down. Sampled: seeded draws"
                + " from it as ids and counts, unbiased, about 36 bytes a token for 50 draws"
                + " (arXiv 2503.16870). TopK: the most probable ids and one bucket for the rest,"
                + " biased. Dense: every log-probability; for small vocabularies. Label: that of"
                + " the student's own token alone, 4 bytes a token; only for stage PostTraining"
                + " with divergence ReverseKL, which it estimates without bias. Default Sampled.")
        @Default("Sampled")
        SignalEncoding encoding,
    @JsonPropertyDescription(
            "Draws per position (Sampled) or ids per position (TopK): more cost bandwidth and"
                + " bring less noise (Sampled) or bias (TopK). Default: 50 draws or 64 ids.")
        @Min(1)
        @Max(4096)
        Integer size,
    @JsonPropertyDescription(
            "When the teacher is asked. Online: while the student trains. Offline: the teacher"
                + " first, into the cache, then the student; the two never hold GPUs at once."
                + " Default Online.")
        @Default("Online")
        SignalMode mode,
    @JsonPropertyDescription(
            "Where what the teacher said is kept, for later jobs with the same teacher, data and"
                + " encoding. Needed for mode Offline. Default: nothing is kept.")
        SignalCacheSpec cache) {}
