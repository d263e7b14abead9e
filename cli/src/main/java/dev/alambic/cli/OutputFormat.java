package dev.alambic.cli;

/** What a command prints: for people, or for programs. */
enum OutputFormat {
  text,
  json
}
