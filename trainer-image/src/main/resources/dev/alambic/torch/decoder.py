  # The Gemma 2 decoder (arXiv 2408.00118), one call per layer. Shapes: B batch, T time,
  # D width, H query heads, K key-value heads, G = H / K, S head size, F feed-forward width.
  # dtype: 6 is float32, 15 is bfloat16. Master weights are float32 and cast on the way in.

  def rms_norm(self, x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    # Gemma stores weight - 1, so that weight decay pulls towards the identity.
    y = torch.rms_norm(x.float(), [x.shape[-1]], weight.float() + 1., epsilon)
    return y.to(x.dtype)

  def soft_cap(self, x: Tensor, cap: float) -> Tensor:
    if cap > 0.:
      x = torch.tanh(x / cap) * cap
    return x

  def rotate(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    # x [B, T, heads, S]; cos and sin [T, 1, S]; pairs are (i, i + S / 2) as in Hugging Face.
    half = x.shape[-1] // 2
    turned = torch.cat([torch.neg(x[:, :, :, half:]), x[:, :, :, :half]], dim=-1)
    return x * cos + turned * sin

  def attention(self, q: Tensor, k: Tensor, v: Tensor, window: int, cap: float) -> Tensor:
    # q [B, K, G, T, S], scaled; k, v [B, K, T, S]. Query blocks bound the memory of the scores,
    # and a sliding layer's block reads only the keys that its window reaches.
    batch, kv, group, time, size = q.shape
    block = 512
    blocks: List[Tensor] = []
    for start in range(0, time, block):
      end = min(start + block, time)
      first = max(0, start - window + 1)
      queries = q[:, :, :, start:end].reshape(batch, kv, group * (end - start), size)
      scores = queries @ k[:, :, first:end].transpose(2, 3)
      scores = self.soft_cap(scores, cap).view(batch, kv, group, end - start, end - first)
      row = torch.arange(start, end, device=q.device).unsqueeze(1)
      column = torch.arange(first, end, device=q.device).unsqueeze(0)
      unseen = (column > row) | (column <= row - window)
      scores = scores.masked_fill(unseen, float('-inf'))
      weights = torch.softmax(scores, dim=-1, dtype=6).to(q.dtype)
      seen = weights.view(batch, kv, group * (end - start), end - first) @ v[:, :, first:end]
      blocks.append(seen.view(batch, kv, group, end - start, size))
    return torch.cat(blocks, dim=3)

  def embed(self, ids: Tensor, embedding: Tensor, dtype: int) -> Tensor:
    # ids [B, T], embedding [V, D] -> [B, T, D]
    x = torch.embedding(embedding, ids).to(dtype)
    return x * torch.tensor(float(embedding.shape[1]) ** 0.5, dtype=dtype, device=x.device)

  def layer(self, x: Tensor, flat: Tensor, cos: Tensor, sin: Tensor, heads: int, kv: int,
            size: int, width: int, window: int, cap: float, scale: float, epsilon: float) -> Tensor:
    # x [B, T, D]; flat holds q, k, v, o, gate, up, down and the four norms, in this order.
    batch, time, hidden = x.shape
    qkv_rows = (heads + 2 * kv) * size
    lengths = [qkv_rows * hidden, hidden * heads * size, 2 * width * hidden, hidden * width]
    matrices = lengths[0] + lengths[1] + lengths[2] + lengths[3]
    w_qkv, w_out, w_gate_up, w_down = flat[:matrices].to(x.dtype).split(lengths)
    norms = flat[matrices:].view(4, hidden)

    y = self.rms_norm(x, norms[0], epsilon)
    qkv = torch.linear(y, w_qkv.view(qkv_rows, hidden)).view(batch, time, heads + 2 * kv, size)
    qk = self.rotate(qkv[:, :, :heads + kv], cos.to(x.dtype), sin.to(x.dtype))
    q = (qk[:, :, :heads] * scale).view(batch, time, kv, heads // kv, size).permute(0, 2, 3, 1, 4)
    k = qk[:, :, heads:].transpose(1, 2)
    v = qkv[:, :, heads + kv:].transpose(1, 2)
    seen = self.attention(q, k, v, window, cap)
    seen = seen.permute(0, 3, 1, 2, 4).reshape(batch, time, heads * size)
    y = torch.linear(seen, w_out.view(hidden, heads * size))
    x = x + self.rms_norm(y, norms[1], epsilon)

    y = self.rms_norm(x, norms[2], epsilon)
    gate, up = torch.linear(y, w_gate_up.view(2 * width, hidden)).split(width, dim=-1)
    y = torch.linear(torch.gelu(gate, approximate="tanh") * up, w_down.view(hidden, width))
    return x + self.rms_norm(y, norms[3], epsilon)

  def logits(self, x: Tensor, embedding: Tensor, cap: float) -> Tensor:
    # x [n, D], embedding [V, D] -> float32 [n, V]; the head shares the embedding's weights.
    return self.soft_cap(torch.linear(x, embedding.to(x.dtype)).float(), cap)
