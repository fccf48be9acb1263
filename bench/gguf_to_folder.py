"""Turn a GGUF file into a model folder that vLLM reads: `gguf_to_folder.py FILE FOLDER`.

Run by bench/vllm_cpu.sh in vLLM's environment, which has torch, transformers, gguf and accelerate.
"""

import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils.quantization_config import GgufConfig


def convert(file: Path, folder: Path) -> None:
    """Write the weights, unpacked, and the tokenizer with its chat template."""
    source = str(file.parent)
    tokenizer = AutoTokenizer.from_pretrained(source, gguf_file=file.name)
    unpacked = GgufConfig(dequantize=True)
    model = AutoModelForCausalLM.from_pretrained(
        source, gguf_file=file.name, dtype=torch.bfloat16, quantization_config=unpacked
    )
    # The weights are unpacked now; a note that they are packed would mislead whoever loads them.
    vars(model.config).pop("quantization_config", None)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
