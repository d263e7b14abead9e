/** Fresh processes in which something is measured, and their memory. */
package dev.alambic.bench.process;
