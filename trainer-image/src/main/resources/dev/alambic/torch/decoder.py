  # The decoder of all families (of Gemma 2: arXiv 2408.00118), one call per layer. Shapes: B batch,
  # T time, D width, H query heads, K key-value heads, G = H / K, S head size, F feed-forward width.
  # dtype: 6 is float32, 15 is bfloat16. Master weights are float32 and cast on the way in.

  def rms_norm(self, x: Tensor, weight: Tensor, centre: float, epsilon: float) -> Tensor:
    # A norm's gain is its weight plus `centre`: Gemma stores gain - 1, the others the gain.
    gain = weight.float()
    if centre != 0.:
      gain = gain + centre
    return torch.rms_norm(x.float(), [x.shape[-1]], gain, epsilon).to(x.dtype)

  def rotate(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    # x [B, T, heads, S]; cos and sin [T, 1, S / 2]; pairs are (i, i + S / 2) as in Hugging Face.
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], dim=-1)

  def attend(self, q: Tensor, k: Tensor, v: Tensor, unseen: Tensor, cap: float) -> Tensor:
    # q [B, K, G, R, S], scaled; k, v [B, K, C, S]; unseen broadcasts to [B, K, G, R, C]
    # -> [B, K, G, R, S]
    batch, kv, group, rows, size = q.shape
    columns = k.shape[2]
    mask = torch.zeros(unseen.shape, device=q.device).masked_fill_(unseen, float('-inf'))
    queries = q.reshape(batch, kv, group * rows, size)
    if cap > 0.:
      # Softmax ignores a constant, so cap tanh(x / cap) = 2 cap sigmoid(2 x / cap) - cap needs no
      # subtraction; on CPUs the sigmoid is four times as fast as the tanh.
      scores = torch.sigmoid(((queries * (2. / cap)) @ k.transpose(2, 3)).float())
      scores = scores.view(batch, kv, group, rows, columns)
      scores = torch.add(mask, scores, alpha=2. * cap)
    else:
      scores = (queries @ k.transpose(2, 3)).float()
      scores = scores.view(batch, kv, group, rows, columns) + mask
    weights = torch.softmax(scores, dim=-1).to(q.dtype)
    seen = weights.view(batch, kv, group * rows, columns) @ v
    return seen.view(batch, kv, group, rows, size)

  def attention(self, q: Tensor, k: Tensor, v: Tensor, window: int, cap: float) -> Tensor:
    # q [B, K, G, T, S], scaled; k, v [B, K, T, S]. Query blocks bound the memory of the scores,
    # and a sliding layer's block reads only the keys that its window reaches.
    time = q.shape[3]
    block = 512
    blocks: List[Tensor] = []
    for start in range(0, time, block):
      end = min(start + block, time)
      first = max(0, start - window + 1) if time > block else 0
      row = torch.arange(start, end, device=q.device).unsqueeze(1)
      column = torch.arange(first, end, device=q.device).unsqueeze(0)
      unseen = (column > row) | (column <= row - window)
      blocks.append(self.attend(q[:, :, :, start:end], k[:, :, first:end], v[:, :, first:end],
                                unseen, cap))
    return blocks[0] if len(blocks) == 1 else torch.cat(blocks, dim=3)

  def remember(self, cache: Tensor, new: Tensor, first: int) -> Tensor:
    # A ring: what is at index i lies in slot i % C. cache [B, K, C, S]; new [B, K, T, S] at
    # indices [first, first + T), of which the last C stay.
    slots, time = cache.shape[2], new.shape[2]
    kept = min(slots, time)
    index = torch.arange(first + time - kept, first + time, device=cache.device).remainder(slots)
    return cache.index_copy_(2, index, new[:, :, time - kept:])

  def recall(self, q: Tensor, keys: Tensor, values: Tensor, begins: Tensor, index: int,
             cap: float) -> Tensor:
    # Queries of one token a sequence, at `index`, on what is remembered; q [B, K, G, 1, S], scaled;
    # keys, values [B, K, C, S]; a sequence begins at begins [B]. A sliding layer's ring is no
    # longer than its window, so that it holds nothing that the window hides.
    slots = keys.shape[2]
    filled = min(slots, index + 1)
    age = (index - torch.arange(filled, device=q.device)).remainder(slots)
    unseen = (index - age).unsqueeze(0) < begins.unsqueeze(1)
    return self.attend(q, keys[:, :, :filled], values[:, :, :filled],
                       unseen.view(-1, 1, 1, 1, filled), cap)

  def cache(self, device: Tensor, batch: int, kv: int, slots: int, size: int,
            dtype: int) -> Tensor:
    return torch.zeros([batch, kv, slots, size], dtype=dtype, device=device.device)

  def keep(self, cache: Tensor, rows: Tensor) -> Tensor:
    return cache.index_select(0, rows)

  def embed(self, ids: Tensor, embedding: Tensor, dtype: int, scaled: bool) -> Tensor:
    # ids [B, T], embedding [V, D] -> [B, T, D]
    x = torch.embedding(embedding, ids).to(dtype)
    if scaled:
      x = x * torch.tensor(float(embedding.shape[1]) ** 0.5, dtype=dtype, device=x.device)
    return x

  def layer(self, x: Tensor, flat: Tensor, cos: Tensor, sin: Tensor, heads: int, kv: int,
            size: int, width: int, window: int, cap: float, scale: float, epsilon: float,
            centre: float, after: bool, head_norms: bool, gelu: bool, qkv_bias: bool,
            out_bias: bool, mlp_bias: bool, cache: List[Tensor], row: int, first: int) -> Tensor:
    # x [B, T, D]; flat holds the matrices q, k, v, o, gate, up, down; then the norms: before
    # attention, with `after` after it, before feed-forward, with `after` after it, with
    # `head_norms` of queries and of keys [S]; then the biases of the matrices that have one.
    # cache: empty, or keys, values [B, K, C, S] and begins [B]. With a cache x is either the whole
    # beginning of sequence `row`, at indices from `first` on, or with a row of -1 one token of each
    # sequence, at index `first`; a token's position counts from its sequence's begin.
    batch, time, hidden = x.shape
    query, key = heads * size, kv * size
    qkv = query + 2 * key
    norms = (4 if after else 2) * hidden + (2 * size if head_norms else 0)
    matrices = [qkv * hidden, hidden * query, width * hidden, width * hidden, hidden * width]
    biases = [qkv if qkv_bias else 0, hidden if out_bias else 0, width if mlp_bias else 0,
              width if mlp_bias else 0, hidden if mlp_bias else 0]
    w_qkv, w_out, w_gate, w_up, w_down, unused, b_qkv, b_out, b_gate, b_up, b_down = flat.to(
        x.dtype).split(matrices + [norms] + biases)
    # Norms are computed in float32, so theirs are not cast.
    start = w_qkv.numel() + w_out.numel() + 3 * w_up.numel()
    in_norm, attention_norm, middle_norm, out_norm, q_norm, k_norm = flat[start:start + norms].split(
        [hidden, hidden if after else 0, hidden, hidden if after else 0,
         size if head_norms else 0, size if head_norms else 0])

    y = self.rms_norm(x, in_norm, centre, epsilon)
    y = torch.linear(y, w_qkv.view(-1, hidden), b_qkv if qkv_bias else None)
    q, k, v = y.view(batch, time, heads + 2 * kv, size).split([heads, kv, kv], dim=2)
    if head_norms:
      q = self.rms_norm(q, q_norm, centre, epsilon)
      k = self.rms_norm(k, k_norm, centre, epsilon)
    if len(cache) > 0 and row < 0:
      positions = first - cache[2]
      cos, sin = cos[positions].unsqueeze(1), sin[positions].unsqueeze(1)
    else:
      cos, sin = cos[:time], sin[:time]
    cos, sin = cos.to(x.dtype), sin.to(x.dtype)
    q = (self.rotate(q, cos, sin) * scale).view(batch, time, kv, heads // kv, size)
    q = q.permute(0, 2, 3, 1, 4)
    k, v = self.rotate(k, cos, sin).transpose(1, 2), v.transpose(1, 2)
    if len(cache) == 0:
      seen = self.attention(q, k, v, window, cap)
    elif row >= 0:
      self.remember(cache[0][row:row + 1], k, first)
      self.remember(cache[1][row:row + 1], v, first)
      seen = self.attention(q, k, v, window, cap)
    else:
      keys, values = self.remember(cache[0], k, first), self.remember(cache[1], v, first)
      seen = self.recall(q, keys, values, cache[2], first, cap)
    seen = seen.permute(0, 3, 1, 2, 4).reshape(batch, time, query)
    y = torch.linear(seen, w_out.view(hidden, query), b_out if out_bias else None)
    if after:
      y = self.rms_norm(y, attention_norm, centre, epsilon)
    x = x + y

    y = self.rms_norm(x, middle_norm, centre, epsilon)
    gate = torch.linear(y, w_gate.view(width, hidden), b_gate if mlp_bias else None)
    gate = torch.gelu(gate, approximate="tanh") if gelu else torch.silu(gate)
    y = gate * torch.linear(y, w_up.view(width, hidden), b_up if mlp_bias else None)
    y = torch.linear(y, w_down.view(hidden, width), b_down if mlp_bias else None)
    if after:
      y = self.rms_norm(y, out_norm, centre, epsilon)
    return x + y

  def logits(self, x: Tensor, head: Tensor, cap: float) -> Tensor:
    # x [n, D], head [V, D] -> float32 [n, V]
    z = torch.linear(x, head.to(x.dtype)).float()
    if cap > 0.:
      # cap tanh(z / cap), by the sigmoid and in place: on CPUs a third of the tanh's time.
      z = torch.rsub(z.mul_(2. / cap).sigmoid_(), -cap, alpha=-2. * cap)
    return z
