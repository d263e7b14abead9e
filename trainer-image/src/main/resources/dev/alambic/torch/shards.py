  # Parts of flat float32 tensors, and tensors that are there only for a while.
  # dtype 6 is float32.

  def part(self, tensor: Tensor, start: int, end: int) -> Tensor:
    # Elements [start, end) as a view: what is written there is in the tensor.
    return tensor.detach().view(-1)[start:end]

  def zeros(self, like: Tensor, length: int) -> Tensor:
    return torch.zeros([length], dtype=6, device=like.device)

  def copy(self, tensor: Tensor) -> Tensor:
    return tensor.detach().clone()

  def add(self, tensor: Tensor, other: Tensor) -> Tensor:
    return tensor.add_(other)

  def clear(self, tensors: List[Tensor]) -> Tensor:
    for tensor in tensors:
      tensor.zero_()
    return tensors[0]

  def hold(self, tensor: Tensor, flat: Tensor, columns: int) -> Tensor:
    # Gives a tensor other memory, under all handles that there are of it; 0 columns: a vector.
    return tensor.set_(flat if columns == 0 else flat.view(-1, columns))

  def let_go(self, tensor: Tensor) -> Tensor:
    return tensor.set_(torch.empty([0], dtype=6, device=tensor.device))
