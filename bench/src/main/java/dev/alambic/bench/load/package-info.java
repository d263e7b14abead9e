/** How fast a large model loads, and how much memory that takes at its peak. */
package dev.alambic.bench.load;
