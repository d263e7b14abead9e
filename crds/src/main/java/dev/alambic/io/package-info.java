/** Files on volumes: what may be opened where a pod has several of them, and secrets beside. */
package dev.alambic.io;
