  # An average of parameters, float32, in the memory of the host.

  def copy(self, parameter: Tensor) -> Tensor:
    return parameter.detach().to(torch.device('cpu'), copy=True)

  def average(self, average: Tensor, parameter: Tensor, weight: float) -> Tensor:
    # average + weight (parameter - average), in place.
    return average.lerp_(parameter.detach().to(average.device), weight)

  def swap(self, average: Tensor, parameter: Tensor) -> Tensor:
    held = parameter.detach().to(average.device, copy=True)
    parameter.detach().copy_(average)
    return average.copy_(held)
