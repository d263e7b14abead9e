  # What a teacher says of n positions, beside its logits so that only little leaves the device.
  # Shapes: n positions, V vocabulary, N draws. Logits of ids that don't exist are -inf; such an id
  # is never drawn. The label's log-probability is at temperature 1 (the teacher's own loss), the
  # entropy and the distribution at `temperature`.

  def label_log_probability(self, z: Tensor, labels: Tensor) -> Tensor:
    return z.gather(1, labels.unsqueeze(1)).squeeze(1) - torch.logsumexp(z, -1)

  def sampled_signal(self, logits: Tensor, labels: Tensor, uniforms: Tensor,
                     temperature: float) -> Tuple[Tensor, Tensor, Tensor]:
    # logits [n, V], labels [n], uniforms [n, N] float64 in [0, 1), ascending ->
    # label log-probability [n], entropy [n], drawn ids [n, N] int32, ascending.
    z = logits.float()
    label = self.label_log_probability(z, labels)
    p = torch.softmax(z if temperature == 1. else z / temperature, -1)
    entropy = torch.neg(torch.xlogy(p, p).sum(-1))
    # Inverse distribution function. Sums in float64: near 1 those in float32 are 6e-8 apart, more
    # than the probability of many an id of a vocabulary of 256k. right=True finds the first id whose sum exceeds u, so
    # an id of probability zero is never hit; u stays under the last sum for the same reason.
    sums = torch.cumsum(p, -1, dtype=7)
    total = sums[:, -1:]
    u = torch.minimum(uniforms * total, total * (1. - 2.220446049250313e-16))
    ids = torch.searchsorted(sums, u, out_int32=True, right=True)
    return label, entropy, ids

  def label_signal(self, logits: Tensor, labels: Tensor,
                   temperature: float) -> Tuple[Tensor, Tensor]:
    # As above, without a third result.
    z = logits.float()
    label = self.label_log_probability(z, labels)
    p = torch.softmax(z if temperature == 1. else z / temperature, -1)
    return label, torch.neg(torch.xlogy(p, p).sum(-1))

  def dense_signal(self, logits: Tensor, labels: Tensor,
                   temperature: float) -> Tuple[Tensor, Tensor, Tensor]:
    # As above; the third result is the log-probabilities [n, V] at `temperature`.
    z = logits.float()
    label = self.label_log_probability(z, labels)
    log_p = torch.log_softmax(z if temperature == 1. else z / temperature, -1)
    p = torch.exp(log_p)
    return label, torch.neg(torch.xlogy(p, p).sum(-1)), log_p

  def top_k_signal(self, logits: Tensor, labels: Tensor, size: int,
                   temperature: float) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    # As above; then ids [n, K] int32, ascending, and log-probabilities [n, K + 1] at `temperature`:
    # the ids', then that of all other ids together. Under exp(-64) they are as good as 0.
    z = logits.float()
    label = self.label_log_probability(z, labels)
    log_p = torch.log_softmax(z if temperature == 1. else z / temperature, -1)
    p = torch.exp(log_p)
    ids = torch.sort(torch.topk(log_p, size, -1)[1], -1)[0]
    rest = torch.logsumexp(log_p.scatter(1, ids, float('-inf')), -1, True)
    values = torch.cat([log_p.gather(1, ids), rest], -1).clamp(min=-64.)
    return label, torch.neg(torch.xlogy(p, p).sum(-1)), ids.int(), values
