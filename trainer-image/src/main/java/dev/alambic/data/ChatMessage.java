package dev.alambic.data;

import java.util.Map;

/**
 * A turn of a conversation.
 *
 * @param role who speaks, as the chat template knows it: system, user, assistant
 */
public record ChatMessage(String role, String content) {
  /** Whether it is the model that speaks. */
  public boolean isAnswer() {
    return role.equals("assistant");
  }

  Map<String, String> toMap() {
    return Map.of("role", role, "content", content);
  }
}
