  # Makes tensors and moves stored numbers into them. dtype: 5 is float16, 6 float32, 15 bfloat16.
  # Here, because DJL has no bfloat16.

  def vector(self, device: Tensor, length: int, dtype: int) -> Tensor:
    # Zeros [length], on the device of the first argument.
    return torch.zeros([length], dtype=dtype, device=device.device)

  def matrix(self, device: Tensor, rows: int, columns: int, dtype: int) -> Tensor:
    return torch.zeros([rows, columns], dtype=dtype, device=device.device)

  def put(self, target: Tensor, offset: int, stored: Tensor, dtype: int) -> Tensor:
    # stored: int8, the bytes of numbers of `dtype`, into target from element `offset` on, cast to
    # the target's own type. TorchScript has no view(dtype) of its own, hence the copy.
    values = torch.view_copy(stored, dtype=dtype)
    part = target.detach().view(-1)[offset:offset + values.numel()]
    return part.copy_(values)
