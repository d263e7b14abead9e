  # AdamW with decoupled weight decay (arXiv 1711.05101) on flat float32 tensors, in place.

  def squares(self, gradients: List[Tensor]) -> Tensor:
    # The sum of all squares, in double precision. Single precision within rows of 4096, double precision over the rows: one
    # running sum in single precision loses the small squares of a large tensor, and a tensor in
    # double precision would be a copy of twice its size.
    squares: List[Tensor] = []
    for gradient in gradients:
      flat = gradient.view(-1)
      whole = flat.shape[0] // 4096 * 4096
      rows = flat[:whole].view(-1, 4096)
      squares.append((torch.linalg_vector_norm(rows, 2., [1]).double() ** 2).sum())
      squares.append(torch.linalg_vector_norm(flat[whole:]).double() ** 2)
    return torch.stack(squares).sum()

  def adamw(self, parameter: Tensor, gradient: Tensor, first: Tensor, second: Tensor, clip: float,
            rate: float, beta1: float, beta2: float, epsilon: float, decay: float,
            correction1: float, correction2: float, matrices: int) -> Tensor:
    # first, second: the moments; correction = 1 - beta^step; only the first `matrices` elements
    # decay. The gradient is scaled by `clip` and left at zero for the next step.
    gradient.mul_(clip)
    first.lerp_(gradient, 1. - beta1)
    second.mul_(beta2).addcmul_(gradient, gradient, value=1. - beta2)
    flat = parameter.view(-1)
    if matrices > 0:
      flat[:matrices].mul_(1. - rate * decay)
    root = (second.sqrt() / correction2 ** 0.5).add_(epsilon)
    parameter.addcdiv_(first, root, value=-rate / correction1)
    gradient.zero_()
    return parameter
