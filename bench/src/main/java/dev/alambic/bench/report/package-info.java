/** What benchmarks print: tables, numbers in them, and where the numbers come from. */
package dev.alambic.bench.report;
