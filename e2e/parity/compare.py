"""compare.py FOLDER: what our engine computed of each model in FOLDER against what transformers computes.

Prints one line a check, "ok: …" or "FAILED: …", and exits with 1 if one failed. Errors are Euclidean norms of
differences in parts of the norm of what transformers has: in fp32 of the logits of each position and the gradient of
each parameter, the largest of which counts; in bf16, whose rounding scatters, of all logits together.
"""
import itertools
import pathlib
import sys

import torch
import transformers
from safetensors.torch import load_file

FP32 = 1e-4
BF16 = 2e-2
GRADIENT = 1e-3
PROMPTS = [60, 200]
NEW_TOKENS = 64

failed = 0


def check(what, holds):
    global failed
    failed += not holds
    print(("ok: " if holds else "FAILED: ") + what, flush=True)


def error(ours, theirs):
    return ((ours - theirs).norm() / theirs.norm()).item()


def worst_row(ours, theirs):
    return max(error(*rows) for rows in zip(ours, theirs))


def load(folder, dtype):
    return transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, attn_implementation="eager").eval()


def logits(model, tokens):
    with torch.no_grad():
        return model(tokens[None, :-1]).logits[0].float()


def compare_logits(name, home, tokens):
    theirs = load(home / "theirs", torch.float32)
    ours = load_file(home / "ours" / "logits.safetensors")
    expected = logits(theirs, tokens)
    exact = worst_row(ours["fp32"], expected)
    check(f"{name}: logits at {len(expected)} positions in fp32, error {exact:.1e} < {FP32:.0e}", exact < FP32)
    half = logits(load(home / "theirs", torch.bfloat16), tokens)
    rounded = error(ours["bf16"], half)
    check(f"{name}: logits in bf16, error {rounded:.1e} < {BF16:.0e} (from fp32 we are {error(ours['bf16'], expected):.1e}"
          f" away, transformers {error(half, expected):.1e})", rounded < BF16)
    return theirs


def compare_gradients(name, home, tokens, theirs):
    loss = torch.nn.functional.cross_entropy(theirs(tokens[None, :-1]).logits[0], tokens[1:])
    loss.backward()
    ours = load_file(home / "ours" / "gradients.safetensors")
    expected = dict(theirs.named_parameters())
    same = ours.keys() == expected.keys()
    check(f"{name}: gradients have the names of transformers' {len(expected)} parameters", same)
    errors = {key: error(ours[key], value.grad) for key, value in expected.items() if key in ours}
    worst = max(errors, key=errors.get)
    check(f"{name}: every gradient, error {errors[worst]:.1e} < {GRADIENT:.0e} (largest: {worst})",
          same and errors[worst] < GRADIENT)


def compare_generation(name, home, tokens, theirs):
    theirs.generation_config.eos_token_id = None  # else transformers may stop early
    greedy = transformers.GenerationConfig(do_sample=False, max_new_tokens=NEW_TOKENS, pad_token_id=0)
    for length, line in zip(PROMPTS, home.joinpath("ours", "generated.txt").read_text().splitlines()):
        with torch.no_grad():
            expected = theirs.generate(tokens[None, :length], generation_config=greedy)[0, length:].tolist()
        ours = [int(token) for token in line.split()]
        same = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(ours, expected)))
        check(f"{name}: {same} of {NEW_TOKENS} greedy tokens after {length} are the same",
              same == NEW_TOKENS == len(ours) == len(expected))


def compare_way_back(name, home, tokens, theirs):
    back, info = transformers.AutoModelForCausalLM.from_pretrained(
        home / "ours" / "model", dtype=torch.float32, attn_implementation="eager", output_loading_info=True)
    odd = {kind: keys for kind, keys in info.items() if keys}
    check(f"{name}: our folder loads in transformers with no key missing, unexpected or misshapen {odd or ''}".rstrip(),
          not odd)
    off = worst_row(logits(back.eval(), tokens), logits(theirs, tokens))
    check(f"{name}: its logits in transformers, error {off:.1e} < 1e-06", off < 1e-6)


def main(folder):
    for home in sorted(pathlib.Path(folder).iterdir()):
        tokens = torch.tensor([int(line) for line in home.joinpath("tokens.txt").read_text().split()])
        theirs = compare_logits(home.name, home, tokens)
        compare_generation(home.name, home, tokens, theirs)
        compare_gradients(home.name, home, tokens, theirs)
        compare_way_back(home.name, home, tokens, theirs)


transformers.logging.set_verbosity_error()
main(sys.argv[1])
sys.exit(failed > 0)
