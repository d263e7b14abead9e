"""The models that are compared: small, of every family, with every weight random.

Norms and biases are random too, so that leaving one out shows; the window is shorter than the text, so that it shows
as well; and a head is not hidden_size / heads wide where the family lets it be otherwise.
"""
import torch
import transformers

POSITIONS = 512
VOCABULARY = 320

SIZES = dict(
    vocab_size=VOCABULARY, hidden_size=64, intermediate_size=160, num_hidden_layers=4, num_attention_heads=4,
    num_key_value_heads=2, max_position_embeddings=1024, rms_norm_eps=1e-5, bos_token_id=2, eos_token_id=1,
    pad_token_id=0)
LLAMA3 = dict(rope_type="llama3", rope_theta=500.0, factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=128)


def rope(theta, **scaling):
    return dict(rope_type="default", rope_theta=theta) | scaling


def configs():
    """Name and configuration of each model."""
    t = transformers
    return {
        "gemma2": t.Gemma2Config(**SIZES, head_dim=24, sliding_window=100, query_pre_attn_scalar=20,
                                 attn_logit_softcapping=5.0, final_logit_softcapping=8.0),
        "gemma3_text": t.Gemma3TextConfig(
            **SIZES, head_dim=24, sliding_window=100, query_pre_attn_scalar=20,
            layer_types=["sliding_attention", "sliding_attention", "full_attention", "sliding_attention"],
            rope_parameters=dict(sliding_attention=rope(100.0),
                                 full_attention=rope(5000.0, rope_type="linear", factor=8.0))),
        "llama": t.LlamaConfig(**SIZES, head_dim=24, rope_parameters=LLAMA3),
        "llama-biased": t.LlamaConfig(**SIZES, attention_bias=True, mlp_bias=True, tie_word_embeddings=True,
                                      rope_parameters=rope(1000.0, rope_type="linear", factor=2.0)),
        "mistral": t.MistralConfig(**SIZES, head_dim=24, sliding_window=100),
        "mistral-global": t.MistralConfig(**SIZES, sliding_window=None, rope_parameters=rope(1e6)),
        "qwen2": t.Qwen2Config(**SIZES, tie_word_embeddings=True, rope_parameters=rope(1e6)),
        "qwen2-sliding": t.Qwen2Config(**SIZES, use_sliding_window=True, sliding_window=100, max_window_layers=2),
        "qwen3": t.Qwen3Config(**SIZES, head_dim=24, rope_parameters=rope(1e6)),
        "qwen3-biased": t.Qwen3Config(
            **SIZES, head_dim=24, attention_bias=True, use_sliding_window=True, sliding_window=100,
            layer_types=["full_attention", "sliding_attention", "full_attention", "sliding_attention"]),
    }


def random_model(config, seed):
    """A model in float32 whose every parameter is random."""
    model = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.float32, attn_implementation="eager")
    generator = torch.Generator().manual_seed(seed)
    gemma = config.model_type.startswith("gemma")
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            values = torch.randn(parameter.shape, generator=generator)
            if parameter.dim() == 1:
                gain = 1.0 if name.endswith("norm.weight") and not gemma else 0.0
                parameter.copy_(gain + 0.3 * values)
            elif name == "model.embed_tokens.weight" and not gemma:
                parameter.copy_(values)
            else:
                parameter.copy_(values / parameter.shape[1] ** 0.5)
    return model.eval()


def tokens(seed):
    """One more than there are positions: the last is a label only. None is a special token."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(3, VOCABULARY, [POSITIONS + 1], generator=generator)
