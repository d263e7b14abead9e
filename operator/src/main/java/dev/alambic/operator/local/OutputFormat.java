package dev.alambic.operator.local;

/** What a command prints: for people, or for programs. */
enum OutputFormat {
  text,
  json
}
