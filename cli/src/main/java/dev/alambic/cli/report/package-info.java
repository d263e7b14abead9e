/** The report of a run: the loss curve as SVG, and one self-contained HTML page. */
package dev.alambic.cli.report;
