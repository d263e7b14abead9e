  # What a teacher says of n positions, beside its logits so that only little leaves the device.
  # Shapes: n positions, V vocabulary, N draws. Logits come before the soft-cap, cap tanh(x / cap);
  # a cap of 0 is none. Logits of ids that don't exist are -inf without a cap; such an id is never
  # drawn. The label's log-probability is at temperature 1 (the teacher's own loss), the entropy and
  # the distribution at `temperature`.

  def below_top(self, logits: Tensor, cap: float) -> Tensor:
    # The soft-capped logits [n, V] less each position's largest: softmax ignores a constant, and so
    # cap tanh(x / cap) is as good as 2 cap sigmoid(2 x / cap).
    z = logits.float()
    if cap > 0.:
      z = torch.mul(z, 2. / cap).sigmoid_()
      return z.sub_(z.amax(-1, True)).mul_(2. * cap)
    return z - z.amax(-1, True)

  def weigh(self, logits: Tensor, labels: Tensor, cap: float,
            temperature: float) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    # logits [n, V], labels [n] -> label log-probability [n], entropy [n], and the distribution in
    # three parts: z [n, V], weights exp(z) [n, V] and their sums [n, 1]. One exponential per id and
    # no logarithm: the entropy is the logarithm of the sum, less the mean of z.
    z = self.below_top(logits, cap)
    picked = z.gather(1, labels.unsqueeze(1)).squeeze(1)
    weights = torch.exp(z)
    total = weights.sum(-1, True)
    label = picked - total.squeeze(1).log()
    if temperature != 1.:
      z = z / temperature
      weights = torch.exp(z)
      total = weights.sum(-1, True)
    # Under -200 a weight is 0, and 0 times -inf is no number.
    finite = z if cap > 0. else z.clamp(min=-200.)
    mean = (finite * weights).sum(-1) / total.squeeze(1)
    return label, total.squeeze(1).log() - mean, z, weights, total

  def block_size(self, vocabulary: int, draws: int) -> int:
    # Near sqrt(V / N) ids: then finding the block takes about as long as finding the id in it.
    # Below 16 the second search costs more than it saves.
    size = 1
    while 2 * size * size * draws <= vocabulary:
      size *= 2
    return size if size >= 16 else 1

  def first_above(self, sums: Tensor, u: Tensor) -> Tensor:
    # sums [m, W] ascending, u [m, N] -> the first sum that exceeds u, so that an id of weight zero
    # is never hit; u is kept under the last sum for the same reason. [m, N] int64
    u = torch.minimum(u, sums[:, -1:] * (1. - 2.220446049250313e-16))
    return torch.searchsorted(sums, u, right=True).clamp_(max=sums.shape[1] - 1)

  def draw(self, weights: Tensor, uniforms: Tensor) -> Tensor:
    # Inverse distribution function: weights [n, V], uniforms [n, N] -> ids [n, N] int32. First the
    # block of ids that a draw falls in, then the id in the block. Sums in float64: near 1 those in
    # float32 are 6e-8 apart, more than the probability of many an id of a vocabulary of 256k.
    n, vocabulary = weights.shape
    size = self.block_size(vocabulary, uniforms.shape[1])
    if size == 1:
      sums = torch.cumsum(weights, -1, dtype=7)
      return self.first_above(sums, uniforms * sums[:, -1:]).int()
    blocks = (vocabulary + size - 1) // size
    if blocks * size > vocabulary:
      weights = torch.constant_pad_nd(weights, [0, blocks * size - vocabulary], 0.)
    table = weights.view(n * blocks, size)
    block_weights = torch.mv(table, torch.ones([size], device=table.device)).view(n, blocks)
    sums = torch.cumsum(block_weights, -1, dtype=7)
    u = uniforms * sums[:, -1:]
    block = self.first_above(sums, u)
    before = torch.constant_pad_nd(sums, [1, 0], 0.).gather(1, block)
    rows = torch.arange(0, n * blocks, blocks, device=table.device).unsqueeze(1) + block
    inside = torch.cumsum(table.index_select(0, rows.view(-1)), -1, dtype=7)
    within = self.first_above(inside, (u - before).view(-1, 1)).view(n, -1)
    return (block * size + within).int()

  def sampled(self, logits: Tensor, labels: Tensor, uniforms: Tensor, cap: float,
              temperature: float) -> Tuple[Tensor, Tensor, Tensor]:
    label, entropy, z, weights, total = self.weigh(logits, labels, cap, temperature)
    return label, entropy, self.draw(weights, uniforms)

  def sampled_signal(self, logits: Tensor, labels: Tensor, uniforms: Tensor, cap: float,
                     temperature: float, rows: int) -> Tuple[Tensor, Tensor, Tensor]:
    # logits [n, V], labels [n], uniforms [n, N] float64 in [0, 1), ascending ->
    # label log-probability [n], entropy [n], drawn ids [n, N] int32, ascending. Made of `rows`
    # positions at a time, whose logits stay in a processor's cache.
    label: List[Tensor] = []
    entropy: List[Tensor] = []
    ids: List[Tensor] = []
    for start in range(0, logits.shape[0], rows):
      end = min(start + rows, logits.shape[0])
      part = self.sampled(logits[start:end], labels[start:end], uniforms[start:end], cap,
                          temperature)
      label.append(part[0])
      entropy.append(part[1])
      ids.append(part[2])
    return torch.cat(label), torch.cat(entropy), torch.cat(ids)

  def label_signal(self, logits: Tensor, labels: Tensor, cap: float,
                   temperature: float) -> Tuple[Tensor, Tensor]:
    # As above, without a third result.
    label, entropy, z, weights, total = self.weigh(logits, labels, cap, temperature)
    return label, entropy

  def dense_signal(self, logits: Tensor, labels: Tensor, cap: float,
                   temperature: float) -> Tuple[Tensor, Tensor, Tensor]:
    # As above; the third result is the log-probabilities [n, V] at `temperature`.
    label, entropy, z, weights, total = self.weigh(logits, labels, cap, temperature)
    return label, entropy, z - total.log()

  def top_k_signal(self, logits: Tensor, labels: Tensor, size: int, cap: float,
                   temperature: float) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    # As above; then ids [n, K] int32, ascending, and log-probabilities [n, K + 1] at `temperature`:
    # the ids', then that of all other ids together. Under exp(-64) they are as good as 0.
    label, entropy, z, weights, total = self.weigh(logits, labels, cap, temperature)
    ids = torch.sort(torch.topk(z, size, -1)[1], -1)[0]
    rest = weights.scatter(1, ids, 0.).sum(-1, True)
    values = (torch.cat([weights.gather(1, ids), rest], -1) / total).log().clamp(min=-64.)
    return label, entropy, ids.int(), values
