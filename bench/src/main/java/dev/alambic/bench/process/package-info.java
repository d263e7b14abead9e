/** Fresh processes in which something is measured, and their time and memory. */
package dev.alambic.bench.process;
