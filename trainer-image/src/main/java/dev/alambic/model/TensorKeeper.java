package dev.alambic.model;

import ai.djl.ndarray.NDArray;

/**
 * Takes a student's tensors over as they are made, one after another in the order of {@link
 * DecoderParameters#all}, so that not all of them need to be whole at a time.
 */
public interface TensorKeeper {
  /** Leaves them as they are. */
  TensorKeeper NONE =
      new TensorKeeper() {
        @Override
        public void register(NDArray tensor) {}

        @Override
        public void replace(int tensor, Runnable replacement) {
          replacement.run();
        }
      };

  /** A tensor has been made, with its values or before these are known. */
  void register(NDArray tensor);

  /** Replaces all values of the tensor of an index, which is whole meanwhile. */
  void replace(int tensor, Runnable replacement);
}
