/**
 * The engine room: TorchScript sources, the archive they are packed into, the device and its
 * threads. Maths that must be fast or must run under autograd is TorchScript text in this package's
 * resources; Java calls it.
 */
package dev.alambic.torch;
