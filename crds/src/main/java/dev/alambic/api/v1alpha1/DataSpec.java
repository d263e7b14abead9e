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
                + " manifest's folder. Of a folder all files in it and below are read that are of"
                + " format; links are followed, in a claim only to what lies in the same claim;"
                + " hidden and empty files are left out, and what describes a data set (README,"
                + " LICENSE, dataset_info.json, _SUCCESS, and beside .jsonl files what is not JSON"
                + " lines). The trainer's log says how many files are read, how many are not, and"
                + " why. Read again, in another order, when the token budget is larger than it."
                + " Required.")
        @Required
        @Pattern(Patterns.LOCATION)
        @Size(min = 1, max = 1024)
        String uri,
    @JsonPropertyDescription(
            "How documents are stored. Text: every file is one document; of a corpus of more than"
                + " 512 KiB one of more than 64 KiB is read in stretches, of eight sequences or"
                + " more. JSONLines: one JSON object"
                + " a line, the document in textField. Stage PostTraining needs JSONLines: each"
                + " object has prompt, a text or messages, and may have completion; or messages,"
                + " a conversation of objects with role and content; or ShareGPT's conversations,"
                + " of objects with from and value. Default Text.")
        @Default("Text")
        DataFormat format,
    @JsonPropertyDescription(
            "The field of each JSON object that holds the document, or the names on the way to it"
                + " with dots between; only read with format JSONLines and stage PreTraining."
                + " Default text.")
        @Default("text")
        @Size(min = 1, max = 256)
        String textField,
    @JsonPropertyDescription(
            "Held-out documents in the same format, on which loss and saturation are measured."
                + " Files of uri that are among them, by link or as a copy, are not trained on."
                + " Default: a fixed twentieth of uri is held out.")
        @Pattern(Patterns.LOCATION)
        @Size(min = 1, max = 1024)
        String validationUri,
    @JsonPropertyDescription(
            "What becomes of a line of JSON lines that is neither a document nor a prompt. Fail: it ends"
                + " the run, with file and line. Skip: it is skipped and counted in the trainer's"
                + " log. Default: one without text (no such field, null, no string) is skipped and"
                + " counted, one that is not JSON ends the run. When more than half of the"
                + " first thousand have no text the run ends in any case.")
        OnBadRecord onBadRecord) {}
