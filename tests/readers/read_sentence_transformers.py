"""Train a tiny model on an export for a few steps, with each of its configs, and print the losses."""

import json
import sys
import tempfile
from importlib.metadata import version

import kernels  # noqa: F401
import torch
from datasets import load_dataset
from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer, SentenceTransformerTrainingArguments
from sentence_transformers.losses import MarginMSELoss, MultipleNegativesRankingLoss
from sentence_transformers.models import StaticEmbedding
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.trainers import WordLevelTrainer

LOSSES = {
    "triplets": MultipleNegativesRankingLoss,
    "tuples": MultipleNegativesRankingLoss,
    "scored": MarginMSELoss,
}


def tiny_model(texts):
    tokenizer = Tokenizer(WordLevel(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.train_from_iterator(texts, WordLevelTrainer(special_tokens=["[UNK]", "[PAD]"], show_progress=False))
    return SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=16)], device="cpu")


losses = {}
for name, loss in LOSSES.items():
    torch.manual_seed(0)
    rows = load_dataset(sys.argv[1], name, split="train")
    model = tiny_model(text for row in rows for text in (row["query"], row["positive"]))
    with tempfile.TemporaryDirectory() as folder:
        arguments = SentenceTransformerTrainingArguments(
            folder,
            max_steps=8,
            per_device_train_batch_size=4,
            learning_rate=0.05,
            logging_steps=1,
            report_to="none",
            use_cpu=True,
            disable_tqdm=True,
            save_strategy="no",
            seed=0,
        )
        trainer = SentenceTransformerTrainer(model=model, args=arguments, train_dataset=rows, loss=loss(model))
        trainer.train()
        steps = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
        losses[name] = {"rows": len(rows), "first": steps[0], "last": steps[-1]}
print(json.dumps({"library": f"sentence-transformers {version('sentence-transformers')}", "losses": losses}))
