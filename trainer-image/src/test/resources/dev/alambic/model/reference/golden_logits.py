"""Prints the logits of transformers' own Gemma 2 for a model folder, all in double precision.

Usage: golden_logits.py FOLDER TOKEN... > transformers-logits.csv
Each line is a position, each column a token of the vocabulary.
"""
import sys

import torch
from transformers import AutoModelForCausalLM

folder, tokens = sys.argv[1], [int(token) for token in sys.argv[2:]]

# transformers computes norms, angles and softmax in float32 whatever the model's type is.
softmax = torch.nn.functional.softmax
torch.nn.functional.softmax = lambda x, dim, dtype=None: softmax(x, dim=dim)
torch.Tensor.float = torch.Tensor.double
torch.float = torch.float64
model = AutoModelForCausalLM.from_pretrained(
    folder, attn_implementation="eager", dtype=torch.float64
)
model.model.embed_tokens.embed_scale = torch.tensor(
    model.config.hidden_size**0.5, dtype=torch.float64
)
with torch.no_grad():
    logits = model(torch.tensor([tokens]), use_cache=False).logits[0]
for row in logits.tolist():
    print(",".join(f"{value:.14g}" for value in row))
