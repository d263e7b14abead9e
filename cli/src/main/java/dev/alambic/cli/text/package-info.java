/** What the terminal shows: progress bar or lines, and the closing table. */
package dev.alambic.cli.text;
