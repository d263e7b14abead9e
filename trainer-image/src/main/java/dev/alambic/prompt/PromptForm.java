package dev.alambic.prompt;

import dev.alambic.chat.ChatTemplate;
import dev.alambic.tokenizer.SharedVocabulary;
import dev.alambic.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Set;

/**
 * How prompts become tokens.
 *
 * @param template of conversations, or null: then they are refused
 * @param end tokens that end an answer
 * @param answered whether each prompt must have the data's own answer
 */
public record PromptForm(
    Tokenizer tokenizer, ChatTemplate template, Set<Integer> end, boolean answered) {
  public PromptForm {
    end = Set.copyOf(end);
  }

  /**
   * The form of a tokenizer's folder.
   *
   * @param start where the student's weights come from: its chat template counts where the
   *     tokenizer's folder has none
   */
  public static PromptForm of(Path folder, Path start, Tokenizer tokenizer, boolean answered) {
    ChatTemplate template = ChatTemplate.of(folder);
    return new PromptForm(
        tokenizer,
        template == null ? ChatTemplate.of(start) : template,
        SharedVocabulary.endTokens(folder, tokenizer),
        answered);
  }
}
