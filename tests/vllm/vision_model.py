"""Write a vision model of three million random weights: `vision_model.py TEXT_MODEL FOLDER`.

It says nothing of sense, but it is asked, with pictures and schemas, as any other. Run in vLLM's environment.
"""

import sys
from pathlib import Path

import torch
from transformers import (
    AutoTokenizer,
    CLIPVisionConfig,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
    LlavaProcessor,
)
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

SIDE, PATCH, WIDTH = 56, 14, 64
PATCHES = (SIDE // PATCH) ** 2


def write(text_model: Path, folder: Path) -> None:
    """Take the tokenizer and the chat template of a text model; draw all weights."""
    torch.manual_seed(0)
    tokenizer = AutoTokenizer.from_pretrained(text_model)
    tokenizer.add_special_tokens({"additional_special_tokens": ["<image>"]})
    picture = tokenizer.convert_tokens_to_ids("<image>")
    eyes = CLIPVisionConfig(
        hidden_size=WIDTH,
        intermediate_size=2 * WIDTH,
        num_hidden_layers=3,
        num_attention_heads=2,
        image_size=SIDE,
        patch_size=PATCH,
        projection_dim=WIDTH,
    )
    speech = LlamaConfig(
        vocab_size=64 * (len(tokenizer) // 64 + 1),
        hidden_size=WIDTH,
        intermediate_size=2 * WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=WIDTH // 2,
        max_position_embeddings=2048,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.eos_token_id,
        tie_word_embeddings=True,
    )
    config = LlavaConfig(
        vision_config=eyes,
        text_config=speech,
        image_token_id=picture,
        image_token_index=picture,
        vision_feature_select_strategy="default",
        vision_feature_layer=-2,
        image_seq_length=PATCHES,
        tie_word_embeddings=True,
    )
    LlavaForConditionalGeneration(config).to(torch.float32).save_pretrained(folder)
    processor = LlavaProcessor(
        image_processor=CLIPImageProcessorPil(size={"shortest_edge": SIDE}, crop_size={"height": SIDE, "width": SIDE}),
        tokenizer=tokenizer,
        patch_size=PATCH,
        vision_feature_select_strategy="default",
        num_additional_image_tokens=1,
        image_token="<image>",
        chat_template=tokenizer.chat_template,
    )
    processor.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
