  # The head and the loss of a chunk of positions. Shapes: n positions, D width, V vocabulary,
  # K most distinct ids of a position. Each method returns (loss, sums [5]): label cross-entropy and
  # divergence in nats, then the three of `masses`; loss is the objective's sum times `scale`.
  # head [V, D]: the output's weights. labels [n]: the text's own next tokens, -1 where a position does not count.
  # The divergence is taken at `temperature` and multiplied by its square, so that gradients keep
  # their size (Hinton et al., arXiv 1503.02531).

  def logits(self, hidden: Tensor, head: Tensor, cap: float) -> Tensor:
    z = torch.linear(hidden, head.to(hidden.dtype)).float()
    if cap > 0.:
      z = torch.tanh(z / cap) * cap
    return z

  def label_loss(self, z: Tensor, labels: Tensor, counts: Tensor) -> Tensor:
    picked = z.gather(1, labels.clamp(min=0).unsqueeze(1)).squeeze(1)
    return ((torch.logsumexp(z, -1) - picked) * counts).sum()

  def masses(self, teacher: Tensor, student: Tensor, counts: Tensor) -> Tensor:
    # Of probabilities [n, K] on the signal's ids (the teacher's 0 in padding): sums of the teacher's
    # mass, the student's, and what both share, the lesser of the two id by id.
    taught = torch.where(teacher > 0., student, torch.zeros_like(student))
    shared = torch.minimum(teacher, taught)
    rows = torch.stack([teacher.sum(1), taught.sum(1), shared.sum(1)])
    return (rows * counts).sum(1)

  def mix(self, label: Tensor, divergence: Tensor, masses: Tensor, temperature: float,
          label_weight: float, scale: float) -> Tuple[Tensor, Tensor]:
    sums = torch.cat([torch.stack([label.detach(), divergence.detach()]), masses.detach()])
    if label_weight == 1.:
      loss = label
    elif label_weight == 0.:
      loss = divergence * temperature ** 2
    else:
      loss = label * label_weight + divergence * (1. - label_weight) * temperature ** 2
    return loss * scale, sums

  def fused(self, hidden: Tensor, head: Tensor, gradient: Tensor, labels: Tensor,
            ids: Tensor, weights: Tensor, entropy: Tensor, cap: float, label_weight: float,
            scale: float) -> Tuple[Tensor, Tensor]:
    # Forward KL on draws at temperature 1, with its gradient written out: for p = softmax(z) it is
    # d loss / d z = p - target, where the target mixes the draws' shares and the label. One
    # [n, V] buffer per factor and no graph. Adds d loss / d head to `gradient`, and returns
    # (d loss / d hidden [n, D], sums). Without a teacher: label_weight 1 and K = 0.
    # Softmax ignores a constant, so the soft-cap is 2 cap sigmoid(2 x / cap) without its - cap;
    # its slope 1 - tanh^2 is 4 sigmoid (1 - sigmoid).
    counts = (labels >= 0).float()
    row_scale = (counts * scale).unsqueeze(1)
    matrix = head.to(hidden.dtype)
    if cap > 0.:
      gate = torch.linear(hidden * (2. / cap), matrix).float().sigmoid_()
      z = gate * (2. * cap)
    else:
      gate = torch.empty([0])
      z = torch.linear(hidden, matrix).float()
    p = torch.softmax(z, -1)
    logsumexp = z.amax(-1) - p.amax(-1).log()
    label_ids = labels.clamp(min=0).unsqueeze(1)
    label = ((logsumexp - z.gather(1, label_ids).squeeze(1)) * counts).sum()
    matched = logsumexp * weights.sum(1) - (z.gather(1, ids) * weights).sum(1)
    divergence = ((matched - entropy) * counts).sum()
    masses = self.masses(weights, p.gather(1, ids), counts)

    p.scatter_add_(1, label_ids, torch.full_like(label_ids, -label_weight, dtype=6))
    p.scatter_add_(1, ids, weights * (label_weight - 1.))
    if cap > 0.:
      p = torch.sigmoid_backward(p, gate)
      row_scale = row_scale * 4.
    slope = p.to(hidden.dtype)
    gradient.addmm_(slope.t().float(), hidden.float() * row_scale)
    down = (slope @ matrix) * row_scale
    return down.to(hidden.dtype), torch.cat([torch.stack([label, divergence]), masses])

  def sampled(self, hidden: Tensor, head: Tensor, labels: Tensor, ids: Tensor, weights: Tensor,
              entropy: Tensor, cap: float, temperature: float, label_weight: float,
              scale: float) -> Tuple[Tensor, Tensor]:
    # Forward KL on draws of the teacher: ids [n, K], weights [n, K] = count / draws (0 in padding),
    # entropy [n] of the teacher. sum(weights) = 1, so one logsumexp and a gather suffice.
    # Without a teacher K = 0.
    counts = (labels >= 0).float()
    z = self.logits(hidden, head, cap)
    label = self.label_loss(z, labels, counts)
    zt = z / temperature
    total = torch.logsumexp(zt, -1)
    drawn = zt.gather(1, ids)
    matched = total * weights.sum(1) - (drawn * weights).sum(1)
    divergence = ((matched - entropy) * counts).sum()
    masses = self.masses(weights, torch.exp(drawn - total.unsqueeze(1)), counts)
    return self.mix(label, divergence, masses, temperature, label_weight, scale)

  def dense(self, hidden: Tensor, head: Tensor, labels: Tensor, teacher: Tensor, cap: float,
            temperature: float, label_weight: float, kind: int, beta: float,
            scale: float) -> Tuple[Tensor, Tensor]:
    # teacher [n, V]: its log-probabilities at `temperature`.
    counts = (labels >= 0).float()
    z = self.logits(hidden, head, cap)
    label = self.label_loss(z, labels, counts)
    student = torch.log_softmax(z / temperature, -1)
    divergence = (self.divergence(teacher, student, kind, beta) * counts).sum()
    masses = self.masses(torch.exp(teacher), torch.exp(student), counts)
    return self.mix(label, divergence, masses, temperature, label_weight, scale)

  def top_k(self, hidden: Tensor, head: Tensor, labels: Tensor, ids: Tensor, teacher: Tensor,
            cap: float, temperature: float, label_weight: float, kind: int, beta: float,
            scale: float) -> Tuple[Tensor, Tensor]:
    # teacher [n, K + 1]: log-probabilities of ids [n, K], and of all other ids together, rounded. The
    # divergence is taken between distributions over these K + 1 outcomes. Merging outcomes never
    # raises it (data processing inequality), so it is a lower bound, 0 for a student that agrees.
    counts = (labels >= 0).float()
    z = self.logits(hidden, head, cap)
    label = self.label_loss(z, labels, counts)
    zt = z / temperature
    total = torch.logsumexp(zt, -1, True)
    known = zt.gather(1, ids) - total
    if ids.shape[1] < z.shape[1]:
      rest = torch.logsumexp(zt.scatter(1, ids, float('-inf')), -1, True) - total
    else:
      rest = teacher[:, -1:]
    exact = torch.log_softmax(teacher, -1)
    divergence = self.divergence(exact, torch.cat([known, rest], -1), kind, beta)
    masses = self.masses(torch.exp(exact[:, :-1]), torch.exp(known), counts)
    return self.mix(label, (divergence * counts).sum(), masses, temperature, label_weight, scale)

  def own(self, hidden: Tensor, head: Tensor, labels: Tensor, teacher: Tensor, drawn: Tensor,
          cap: float, scale: float) -> Tuple[Tensor, Tensor]:
    # Reverse KL on labels that the student drew itself: teacher [n], its log-probabilities of them;
    # drawn [n], the student's when it drew them. For y ~ s the mean of a = log s(y) - log t(y) is
    # KL(s || t), and that of a grad log s(y) its gradient (the score function estimator; the term
    # grad s(y) sums to 0). The ratio s(y) / drawn makes up for kernels that round otherwise in
    # another batch than the one in which y was drawn.
    z = self.logits(hidden, head, cap)
    log_s = z.gather(1, labels.unsqueeze(1)).squeeze(1) - torch.logsumexp(z, -1)
    here = log_s.detach()
    excess = here - teacher
    loss = (torch.exp(here - drawn) * excess * log_s).sum()
    sums = torch.stack([torch.neg(here).sum(), excess.sum()])
    masses = self.masses(torch.exp(teacher).unsqueeze(1), torch.exp(here).unsqueeze(1),
                         torch.ones_like(here))
    return loss * scale, torch.cat([sums, masses])

  def divergence(self, teacher: Tensor, student: Tensor, kind: int, beta: float) -> Tensor:
    # Of log-probabilities [n, outcomes], per row. kind 0: KL(t || s); 1: KL(s || t); 2: generalised
    # Jensen-Shannon (arXiv 2306.13649), mixed in log space.
    if kind == 0:
      return self.kl(teacher, student)
    if kind == 1:
      return self.kl(student, teacher)
    mixture = torch.logaddexp(teacher + torch.log(torch.tensor(beta)),
                              student + torch.log(torch.tensor(1. - beta)))
    return beta * self.kl(teacher, mixture) + (1. - beta) * self.kl(student, mixture)

  def kl(self, p: Tensor, q: Tensor) -> Tensor:
    # KL(p || q) per row from log-probabilities; a probability of zero contributes nothing.
    mass = torch.exp(p)
    return torch.where(mass > 0., mass * (p - q), torch.zeros_like(p)).sum(-1)

  def rows(self, hidden: Tensor, start: int, end: int) -> Tensor:
    # Positions [start, end) of hidden [B, T, D] or [n, D] as [end - start, D].
    return hidden.reshape(-1, hidden.shape[-1])[start:end]

  def chosen(self, hidden: Tensor, places: Tensor) -> Tensor:
    # Rows of hidden [B, T, D] as [n, D]; places [n] in [B x T].
    return hidden.reshape(-1, hidden.shape[-1]).index_select(0, places)

  def spread(self, rows: Tensor, places: Tensor, hidden: Tensor) -> Tensor:
    # Its inverse: [B x T, D], 0 where no row belongs.
    whole = torch.zeros([hidden.numel() // hidden.shape[-1], hidden.shape[-1]], dtype=rows.dtype,
                        device=rows.device)
    return whole.index_copy_(0, places, rows)

  def join(self, parts: List[Tensor]) -> Tensor:
    return torch.cat(parts, dim=0)
