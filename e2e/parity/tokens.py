"""Packed documents against transformers' tokenizers on whole documents.

tokens.py make OUT PUBLISHED     writes tokenizers, documents and texts; PUBLISHED has published tokenizers, if any
tokens.py compare OUT            compares what dev.alambic.tokenizer.TokenParityMain made of them
"""

import array
import json
import pathlib
import random
import sys

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

HOME = pathlib.Path(__file__).resolve().parents[2]
AWKWARD = ["  ", "\n", "\n\n    ", "\t", "\r\n", " ", "é", "é", "ﬁ", "①", "中文", "日本語テキスト", "한국어", "العربية", "हिन्दी",
           "😀", "👨‍👩‍👧", "0123456789" * 3, "'s", "don't", "==", "…", "</s>", "<s>", " <s> x", "<|endoftext|>", "▁", " ▁a", "#" * 40]


def sources():
    """The repository's own documents and sources: prose, code, indentation."""
    found = sorted(HOME.glob("docs/**/*.md")) + sorted(HOME.glob("*/src/main/java/**/*.java")) + sorted(HOME.glob("helm/**/*.yaml"))
    return [path.read_text() for path in found]


def awkward(rng, pieces):
    return "".join(rng.choice(AWKWARD) if rng.random() < 0.4 else " word"[rng.randrange(2):] for _ in range(pieces))


def trained(tokenizer, trainer, texts):
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def unigram(normalizer, scheme, texts):
    """As converted from T5's and XLNet's SentencePiece models."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme=scheme)])
    special = ["<pad>", "</s>", "<unk>"]
    trained(tokenizer, trainers.UnigramTrainer(vocab_size=4000, special_tokens=special, unk_token="<unk>"), texts)
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    tokenizer.decoder = decoders.Metaspace()
    return tokenizer


def wordpiece(texts):
    """BERT's."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    trained(tokenizer, trainers.WordPieceTrainer(vocab_size=4000, special_tokens=special), texts)
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return tokenizer


def byte_level(prefix, texts):
    """GPT-2's and, with a space in front, RoBERTa's."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix)
    trainer = trainers.BpeTrainer(vocab_size=4000, special_tokens=["<|endoftext|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    trained(tokenizer, trainer, texts)
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer


def sentencepiece_bpe(pre, normalizer, texts):
    """Llama 2's and Mistral's, with the space of each conversion; merges go over words where nothing splits them."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    special = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    trained(tokenizer, trainers.BpeTrainer(vocab_size=4000, special_tokens=special), texts)
    model = json.loads(tokenizer.to_str())
    model["added_tokens"] = [token for token in model["added_tokens"] if token["id"] < 3]
    tokenizer = Tokenizer.from_str(json.dumps(model))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer, pre
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return tokenizer


def ours(texts):
    """Each kind, trained on the repository: (tokenizer, begin, end)."""
    t5 = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    xlnet = normalizers.Sequence([normalizers.Replace("``", '"'), normalizers.NFKD(), normalizers.StripAccents(),
                                  normalizers.Replace(Regex(" {2,}"), " "), normalizers.Strip()])
    llama = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    return {
        "gpt2": (byte_level(False, texts), None, "<|endoftext|>"),
        "roberta": (byte_level(True, texts), None, "<|endoftext|>"),
        "llama2-like": (sentencepiece_bpe(None, llama, texts), "<s>", "</s>"),
        "mistral-first": (sentencepiece_bpe(pre_tokenizers.Metaspace(prepend_scheme="first", split=False), None, texts), "<s>", "</s>"),
        "mistral-always": (sentencepiece_bpe(pre_tokenizers.Metaspace(prepend_scheme="always", split=True), None, texts), "<s>", "</s>"),
        "gemma-like": (sentencepiece_bpe(None, normalizers.Replace(" ", "▁"), texts), "<s>", "</s>"),
        "t5": (unigram(t5, "always", texts), None, "</s>"),
        "xlnet": (unigram(xlnet, "always", texts), None, "</s>"),
        "bert": (wordpiece(texts), None, "[SEP]"),
    }


def save(folder, tokenizer, begin, end):
    folder.mkdir(parents=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"add_bos_token": begin is not None, "eos_token": end}
    if begin is not None:
        config["bos_token"] = begin
    (folder / "tokenizer_config.json").write_text(json.dumps(config))


def published(folder):
    """Tokenizers of published models: (tokenizer, begin, end); Llama 2's also as newer conversions write it."""
    found = {}
    for model in sorted(folder.glob("*/package/models/tokenizer.json")) if folder.is_dir() else []:
        config = json.loads((model.parent / "tokenizer_config.json").read_text())
        name = model.parts[-4]
        text = lambda field: config[field]["content"] if isinstance(config.get(field), dict) else config.get(field)
        begin = text("bos_token") if config.get("add_bos_token", name.startswith("llama")) else None
        found[name] = (Tokenizer.from_file(str(model)), begin, text("eos_token"))
        if name == "llama2":
            newer = Tokenizer.from_file(str(model))
            newer.normalizer = None
            newer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
            found["llama2-metaspace"] = (newer, begin, text("eos_token"))
    return found


def make(out, folder):
    rng = random.Random(1)
    texts = sources()
    for name, of in {**ours(texts), **published(folder)}.items():
        save(out / "tokenizers" / name, *of)
    documents = texts[:300] + [awkward(rng, rng.randrange(1, 400)) for _ in range(300)]
    documents += ["</s>", "a</s>", "<s>a", "a<|endoftext|>", " ", "x" * 70_000, "word " * 40_000, "\n".join(texts[300:400])]
    (out / "documents.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in documents))
    (out / "texts").mkdir()
    for i in range(16):
        (out / "texts" / f"{i:02}.txt").write_text("".join(rng.sample(texts, 30)) + awkward(rng, 3000))


def expected(tokenizer, begin, end, documents):
    ids = []
    for text in documents:
        document = tokenizer.encode(text, add_special_tokens=False)
        if begin is not None and document[:1] != [begin]:
            ids.append(begin)
        ids += document
        if not ids or ids[-1] != end:
            ids.append(end)
    return ids


def read(path):
    ids = array.array("i")
    ids.frombytes(path.read_bytes())
    ids.byteswap()
    return ids.tolist()


def compare(out):
    documents = [json.loads(line)["text"] for line in (out / "documents.jsonl").read_text().split("\n") if line]
    texts = [path.read_bytes().decode() for path in sorted((out / "texts").iterdir())]
    kinds = sorted((out / "tokenizers").iterdir())
    failed = False
    for kind in kinds:
        config = json.loads((kind / "tokenizer_config.json").read_text())
        tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(kind / "tokenizer.json"))
        begin = tokenizer.convert_tokens_to_ids(config["bos_token"]) if config["add_bos_token"] else None
        end = tokenizer.convert_tokens_to_ids(config["eos_token"])
        for what, of in (("documents", documents), ("texts", texts)):
            right = expected(tokenizer, begin, end, of)
            got = read(kind / f"{what}.ids")
            if got == right:
                print(f"ok: tokens {kind.name}: {len(of)} {what}, {len(right)} tokens")
                continue
            failed = True
            at = next((i for i, (a, b) in enumerate(zip(got, right)) if a != b), min(len(got), len(right)))
            print(f"FAILED: tokens {kind.name}: {what}: {len(got)} tokens, transformers' {len(right)}; from {at} on "
                  f"{tokenizer.convert_ids_to_tokens(got[max(0, at - 3):at + 8])} for {tokenizer.convert_ids_to_tokens(right[max(0, at - 3):at + 8])}")
    print(f"{len(documents)} documents and {len(texts)} texts with {len(kinds)} tokenizers")
    return failed


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[2])
    if sys.argv[1] == "make":
        make(target, pathlib.Path(sys.argv[3]))
    else:
        sys.exit(compare(target))
