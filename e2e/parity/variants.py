"""Config variants: model folders as people have them, read by us and by transformers.

variants.py make FOLDER      writes FOLDER/NNN-WHAT/theirs for each variant, and tokens.txt
variants.py compare FOLDER   compares what dev.alambic.model.VariantsMain made of them: parameters, context and one
                             forward pass; prints one line a family and one a failure

Each variant is a tiny model of one family with some of: a rotary scaling (linear, dynamic, YaRN, Llama 3) in the spelling
of transformers 4 or 5, values that are odd but valid, tied weights under either name, shards, other dtypes, tensors under
the names of a base model, and Gemma 3's text inside of a folder that reads pictures.
"""
import collections
import json
import pathlib
import random
import shutil
import sys

import torch
import transformers
from safetensors.torch import load_file, save_file

import models

COUNT = 150
POSITIONS = 48
FP32 = 1e-4
FAMILIES = ["gemma2", "gemma3_text", "llama", "mistral", "qwen2", "qwen3"]


def scaling(draw):
    kind = draw.choice([None, "default", "linear", "dynamic", "yarn", "yarn", "llama3"])
    if kind in (None, "default"):
        return {"rope_type": "default"} if kind else None
    fields = {"rope_type": kind, "factor": draw.choice([1.5, 2.0, 4.0, 8])}
    if kind == "llama3":
        fields |= {"low_freq_factor": 1.0, "high_freq_factor": draw.choice([2.0, 4.0]),
                   "original_max_position_embeddings": draw.choice([16, 64])}
    if kind == "yarn":
        fields |= {"original_max_position_embeddings": draw.choice([16, 64])} if draw.random() < 0.8 else {}
        for name, values in dict(beta_fast=[8, 32.0], beta_slow=[1, 2.0], attention_factor=[1.1], truncate=[False]).items():
            if draw.random() < 0.3:
                fields[name] = draw.choice(values)
        if draw.random() < 0.3:
            fields |= {"mscale": 1.0, "mscale_all_dim": draw.choice([0.5, 0.8])}
    return fields


def base(family, draw):
    """The fields of a config.json, of version 4's spelling."""
    heads = draw.choice([2, 4])
    fields = dict(
        model_type=family, vocab_size=models.VOCABULARY, hidden_size=32 * draw.choice([1, 2]), intermediate_size=48,
        num_hidden_layers=draw.choice([1, 2, 3]), num_attention_heads=heads,
        num_key_value_heads=draw.choice([heads, heads // 2, 1]), max_position_embeddings=draw.choice([128, 4096]),
        rms_norm_eps=draw.choice([1e-5, 1e-6]), bos_token_id=2, eos_token_id=draw.choice([1, [1, 5]]), pad_token_id=0,
        rope_theta=draw.choice([10000.0, 500000.0]), tie_word_embeddings=draw.random() < 0.5)
    if family in ("gemma2", "gemma3_text", "qwen3") or draw.random() < 0.5:
        fields["head_dim"] = draw.choice([8, 16, 24])
    if family.startswith("gemma"):
        fields |= dict(sliding_window=draw.choice([8, 64]), query_pre_attn_scalar=draw.choice([16, 24]),
                       hidden_activation="gelu_pytorch_tanh")
        if family == "gemma3_text":
            fields["rope_local_base_freq"] = 100.0
            if draw.random() < 0.5:
                fields["sliding_window_pattern"] = 2
    if family == "mistral":
        fields["sliding_window"] = draw.choice([None, 16])
    if family.startswith("qwen") and draw.random() < 0.5:
        fields |= dict(use_sliding_window=True, sliding_window=16, max_window_layers=1)
    if family in ("llama", "qwen3") and draw.random() < 0.3:
        fields["attention_bias"] = True
    return fields


def odd(family, fields, draw):
    """Values that are odd but valid; each has a name."""
    names = []

    def maybe(name, **more):
        if draw.random() < 0.25:
            fields.update(more)
            names.append(name)

    maybe("null-scaling", **({} if "rope_scaling" in fields else {"rope_scaling": None}))
    maybe("nan", router_aux_loss_coef=float("nan"))
    maybe("no-experts", num_experts=None)
    maybe("dropout", attention_dropout=0.1, use_cache=False, pretraining_tp=1)
    maybe("unknown-field", transformers_version="4.40.0", _name_or_path="somewhere", mup_width=3)
    if not family.startswith("gemma"):
        maybe("swish", hidden_act="swish")
        if "rope_scaling" not in fields:
            maybe("partial", partial_rotary_factor=0.5)
            maybe("empty-scaling", rope_scaling={})
    if family == "llama":
        maybe("negative-padding", pad_token_id=-1)
        maybe("null-heads", num_key_value_heads=None)
        if "head_dim" not in fields:
            maybe("null-head-dim", head_dim=None)
    if family == "gemma2":
        maybe("gelu", hidden_act="gelu")
    return names


def write(home, family, fields, names, draw, seed):
    theirs = home / "theirs"
    theirs.mkdir(parents=True)
    (theirs / "config.json").write_text(json.dumps(fields))
    config = transformers.AutoConfig.from_pretrained(theirs)
    model = models.random_model(config, seed)
    dtype = draw.choice([torch.float32, torch.float32, torch.bfloat16, torch.float16])
    shutil.rmtree(theirs)
    model.to(dtype).save_pretrained(theirs, max_shard_size=draw.choice(["5GB", "60KB"]))
    tensors = {}
    for file in theirs.glob("*.safetensors"):
        tensors |= load_file(file)
    single = (theirs / "model.safetensors").exists()
    if fields["tie_word_embeddings"] and single and draw.random() < 0.5:
        head = tensors["model.embed_tokens.weight"]
        if draw.random() < 0.5:
            del tensors["model.embed_tokens.weight"]
            names.append("only-head")
        else:
            head = head.clone()
            names.append("both-names")
        tensors["lm_head.weight"] = head
        save_file(tensors, theirs / "model.safetensors", metadata={"format": "pt"})
    fields["torch_dtype"] = str(dtype).removeprefix("torch.")
    (theirs / "config.json").write_text(json.dumps(fields))


def write_pictures(home, draw, seed):
    """Gemma 3 with a vision tower, as transformers 4 and 5 save it."""
    text = {name: value for name, value in base("gemma3_text", draw).items() if name != "tie_word_embeddings"}
    text["rope_scaling"] = {"rope_type": "linear", "factor": 8.0}
    vision = transformers.SiglipVisionConfig(hidden_size=16, intermediate_size=16, num_hidden_layers=1,
                                             num_attention_heads=2, image_size=28, patch_size=14)
    config = transformers.Gemma3Config(text_config=transformers.Gemma3TextConfig(**text), vision_config=vision,
                                       mm_tokens_per_image=1)
    model = transformers.Gemma3ForConditionalGeneration(config).eval()
    source = models.random_model(config.text_config, seed)
    model.model.language_model.load_state_dict(source.model.state_dict())
    theirs = home / "theirs"
    model.save_pretrained(theirs)
    if draw.random() < 0.5:
        tensors = load_file(theirs / "model.safetensors")
        renamed = {name.replace("model.language_model.", "language_model.model.").replace("model.vision", "vision")
                   .replace("model.multi", "multi"): value for name, value in tensors.items()}
        save_file(renamed, theirs / "model.safetensors", metadata={"format": "pt"})
    fields = {"architectures": ["Gemma3ForConditionalGeneration"], "model_type": "gemma3", "eos_token_id": [1, 5],
              "mm_tokens_per_image": 1, "text_config": text, "vision_config": vision.to_dict(), "torch_dtype": "float32"}
    (theirs / "config.json").write_text(json.dumps(fields))


def tokens(seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(3, models.VOCABULARY, [POSITIONS], generator=generator)


def make(folder):
    for seed in range(COUNT):
        draw = random.Random(seed)
        family = FAMILIES[seed % len(FAMILIES)]
        if seed % 15 == 1:
            home = pathlib.Path(folder, f"{seed:03}-gemma3-pictures")
            write_pictures(home, draw, seed)
        else:
            fields = base(family, draw)
            rotary = scaling(draw)
            if rotary:
                kind = rotary.pop("rope_type")
                fields["rope_scaling"] = {draw.choice(["rope_type", "type"]): kind} | rotary
            names = odd(family, fields, draw)
            kind = (rotary and kind) or "plain"
            home = pathlib.Path(folder, "-".join([f"{seed:03}", family, kind] + names))
            write(home, family, fields, names, draw, seed)
        (home / "tokens.txt").write_text("\n".join(map(str, tokens(seed).tolist())) + "\n")


def load(theirs):
    if "pictures" in theirs.parent.name:
        model = transformers.Gemma3ForConditionalGeneration.from_pretrained(theirs, dtype=torch.float32)
        return model.eval(), model.config.text_config
    model = transformers.AutoModelForCausalLM.from_pretrained(theirs, dtype=torch.float32, attn_implementation="eager")
    return model.eval(), model.config


def compare_one(home):
    model, config = load(home / "theirs")
    said = json.loads((home / "ours.json").read_text())
    if "error" in said:
        return said["error"]
    parts = model.model.language_model if "pictures" in home.name else model
    parameters = sum(parameter.numel() for parameter in parts.parameters())
    if parameters != said["parameters"]:
        return f"{said['parameters']} parameters, transformers has {parameters}"
    if config.max_position_embeddings != said["context"]:
        return f"context {said['context']}, transformers has {config.max_position_embeddings}"
    ids = torch.tensor([int(line) for line in (home / "tokens.txt").read_text().split()])
    with torch.no_grad():
        theirs = model(ids[None]).logits[0].float()
    ours = load_file(home / "ours.safetensors")["fp32"]
    error = max(((a - b).norm() / b.norm()).item() for a, b in zip(ours, theirs))
    return None if error < FP32 else f"logits, error {error:.1e}"


def compare(folder):
    right = collections.Counter()
    failed = 0
    for home in sorted(pathlib.Path(folder).iterdir()):
        try:
            problem = compare_one(home)
        except Exception as e:  # One that transformers itself does not read proves nothing.
            problem = f"transformers: {type(e).__name__}: {e}"
        if problem:
            failed += 1
            print(f"FAILED: {home.name}: {problem}".replace("\n", " ")[:300], flush=True)
        else:
            right[home.name.split("-")[1]] += 1
    for family, count in sorted(right.items()):
        print(f"ok: {family}: {count} config variants have transformers' parameters, context and logits")
    return failed


transformers.logging.set_verbosity_error()
sys.exit({"make": make, "compare": compare}[sys.argv[1]](sys.argv[2]) or 0)
