  # The Gemma 2 decoder (arXiv 2408.00118), one call per layer. Shapes: B batch, T time,
  # D width, H query heads, K key-value heads, G = H / K, S head size, F feed-forward width.
  # dtype: 6 is float32, 15 is bfloat16. Master weights are float32 and cast on the way in.

  def rms_norm(self, x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    # Gemma stores weight - 1, so that weight decay pulls towards the identity.
    y = torch.rms_norm(x.float(), [x.shape[-1]], weight.float() + 1., epsilon)
    return y.to(x.dtype)

  def rotate(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    # x [B, T, heads, S]; cos and sin [T, 1, S / 2]; pairs are (i, i + S / 2) as in Hugging Face.
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], dim=-1)

  def attend(self, q: Tensor, k: Tensor, v: Tensor, start: int, first: int, window: int,
             cap: float) -> Tensor:
    # Queries at positions [start, start + R) on keys at positions [first, first + C).
    # q [B, K, G, R, S], scaled; k, v [B, K, C, S] -> [B, K, G, R, S]
    batch, kv, group, rows, size = q.shape
    columns = k.shape[2]
    row = torch.arange(start, start + rows, device=q.device).unsqueeze(1)
    column = torch.arange(first, first + columns, device=q.device).unsqueeze(0)
    unseen = (column > row) | (column <= row - window)
    mask = torch.zeros([rows, columns], device=q.device).masked_fill_(unseen, float('-inf'))
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
    if time <= block:
      return self.attend(q, k, v, 0, 0, window, cap)
    blocks: List[Tensor] = []
    for start in range(0, time, block):
      end = min(start + block, time)
      first = max(0, start - window + 1)
      blocks.append(self.attend(q[:, :, :, start:end], k[:, :, first:end], v[:, :, first:end],
                                start, first, window, cap))
    return torch.cat(blocks, dim=3)

  def embed(self, ids: Tensor, embedding: Tensor, dtype: int) -> Tensor:
    # ids [B, T], embedding [V, D] -> [B, T, D]
    x = torch.embedding(embedding, ids).to(dtype)
    return x * torch.tensor(float(embedding.shape[1]) ** 0.5, dtype=dtype, device=x.device)

  def layer(self, x: Tensor, flat: Tensor, cos: Tensor, sin: Tensor, heads: int, kv: int,
            size: int, width: int, window: int, cap: float, scale: float, epsilon: float) -> Tensor:
    # x [B, T, D]; flat holds q, k, v, o, gate, up, down and the four norms, in this order.
    batch, time, hidden = x.shape
    query, key = heads * size, kv * size
    qkv = (query + 2 * key) * hidden
    w_qkv, w_out, w_gate, w_up, w_down, unused = flat.to(x.dtype).split(
        [qkv, hidden * query, width * hidden, width * hidden, hidden * width, 4 * hidden])
    in_norm, attention_norm, middle_norm, out_norm = flat[flat.shape[0] - 4 * hidden:].split(hidden)

    y = self.rms_norm(x, in_norm, epsilon)
    y = torch.linear(y, w_qkv.view(-1, hidden)).view(batch, time, heads + 2 * kv, size)
    q, k, v = y.split([heads, kv, kv], dim=2)
    cos, sin = cos.to(x.dtype), sin.to(x.dtype)
    q = (self.rotate(q, cos, sin) * scale).view(batch, time, kv, heads // kv, size)
    k = self.rotate(k, cos, sin).transpose(1, 2)
    seen = self.attention(q.permute(0, 2, 3, 1, 4), k, v.transpose(1, 2), window, cap)
    seen = seen.permute(0, 3, 1, 2, 4).reshape(batch, time, query)
    y = torch.linear(seen, w_out.view(hidden, query))
    x = x + self.rms_norm(y, attention_norm, epsilon)

    y = self.rms_norm(x, middle_norm, epsilon)
    gate = torch.gelu(torch.linear(y, w_gate.view(width, hidden)), approximate="tanh")
    y = torch.linear(gate * torch.linear(y, w_up.view(width, hidden)), w_down.view(hidden, width))
    return x + self.rms_norm(y, out_norm, epsilon)

  def logits(self, x: Tensor, embedding: Tensor, cap: float) -> Tensor:
    # x [n, D], embedding [V, D] -> float32 [n, V]; the head shares the embedding's weights.
    z = torch.linear(x, embedding.to(x.dtype)).float()
    if cap > 0.:
      z = torch.tanh(z / cap) * cap
    return z
