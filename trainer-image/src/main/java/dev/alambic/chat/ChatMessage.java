package dev.alambic.chat;

import java.util.Map;

/**
 * A turn of a conversation.
 *
 * @param role who speaks, as the chat template knows it: system, user, assistant
 */
public record ChatMessage(String role, String content) {
  public static final String ASSISTANT = "assistant";

  /** The role that ShareGPT's data sets write in {@code from}. */
  public static String roleOf(String from) {
    return switch (from) {
      case "human", "user" -> "user";
      case "gpt", "chatgpt", "assistant", "model", "bot" -> ASSISTANT;
      default -> from;
    };
  }

  /** Whether it is the model that speaks. */
  public boolean isAnswer() {
    return role.equals(ASSISTANT);
  }

  Map<String, String> toMap() {
    return Map.of("role", role, "content", content);
  }
}
