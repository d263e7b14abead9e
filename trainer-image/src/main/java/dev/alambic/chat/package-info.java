/** Chat templates: the Jinja template of a Hugging Face folder turns messages into text. */
package dev.alambic.chat;
