#!/usr/bin/env bash
# transformers 5.24.0: of a Gemma 3 text configuration whose rope_scaling names its kind "type", as transformers 4 did, the
# scaling is dropped without a word: the kind stays "default" beside a factor that nothing reads. Llama's keeps it. With
# "rope_type" both keep it. Logits of layers that see everything are others then (errors of 6 to 55 % were seen).
#
# Guess before: both spellings mean the same in every family, as in Llama. Seen: 2026-12-01.
# What we do: read both spellings as the same (crds, RotaryReader).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q transformers==5.24.0
HF_HUB_OFFLINE=1 "$work/venv/bin/python" - <<'PY' 2>/dev/null
import transformers

def kind(config):
    parameters = config.rope_parameters
    return parameters.get("full_attention", parameters)["rope_type"]

seen = {}
for spelling in ("rope_type", "type"):
    for make in (transformers.LlamaConfig, transformers.Gemma3TextConfig):
        config = make(rope_scaling={spelling: "linear", "factor": 8.0})
        seen[make.__name__, spelling] = kind(config)
        print(f"{make.__name__} with {spelling}: {seen[make.__name__, spelling]}")
expected = {
    ("LlamaConfig", "rope_type"): "linear",
    ("Gemma3TextConfig", "rope_type"): "linear",
    ("LlamaConfig", "type"): "linear",
    ("Gemma3TextConfig", "type"): "default",
}
assert seen == expected, f"changed: {seen}"
PY
