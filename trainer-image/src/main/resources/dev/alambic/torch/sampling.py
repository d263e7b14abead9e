  # Chooses a token for each of n sequences, beside the logits, so that only the tokens leave the
  # device. logits [n, V], uniforms [n] float64 in [0, 1) -> ids [n] int64, and their
  # log-probabilities [n] at `temperature`, before top-p leaves tokens out. A temperature of 0 takes
  # the likeliest.

  def choose(self, logits: Tensor, uniforms: Tensor, temperature: float,
             top_p: float) -> Tuple[Tensor, Tensor]:
    z = logits.float()
    log_p = torch.log_softmax(z if temperature == 0. else z / temperature, -1)
    if temperature == 0.:
      ids = torch.argmax(log_p, -1, True)
    elif top_p == 1.:
      ids = self.draw(torch.exp(log_p), uniforms)
    else:
      # The fewest likeliest ids whose probabilities reach top_p (arXiv 1904.09751), ties by id.
      p, order = torch.sort(torch.exp(log_p), stable=True, dim=-1, descending=True)
      before = torch.cumsum(p, -1, dtype=7) - p.double()
      nucleus = torch.where(before < top_p, p, torch.zeros_like(p))
      ids = order.gather(1, self.draw(nucleus, uniforms))
    return ids.squeeze(1), log_p.gather(1, ids).squeeze(1)

  def draw(self, p: Tensor, uniforms: Tensor) -> Tensor:
    # The inverse distribution function, its sums in float64; p [n, V] need not sum to 1 -> [n, 1].
    # An id of probability zero is never hit: right=True, and u stays under the last sum.
    sums = torch.cumsum(p, -1, dtype=7)
    total = sums[:, -1:]
    u = torch.minimum(uniforms.unsqueeze(1) * total, total * (1. - 2.220446049250313e-16))
    return torch.searchsorted(sums, u, right=True).clamp(max=p.shape[1] - 1)
