"""Read an export with colpali-engine's data set, and take a step of its late-interaction loss on it."""

import json
import sys
from importlib.metadata import version

import kernels  # noqa: F401
import torch
from colpali_engine.data.dataset import ColPaliEngineDataset, Corpus
from colpali_engine.loss import ColbertPairwiseCELoss
from datasets import load_dataset

pages = load_dataset(sys.argv[1], "corpus", split="train")
corpus = Corpus(pages, {docid: place for place, docid in enumerate(pages["docid"])}, doc_column_name="image")
rows = load_dataset(sys.argv[1], "train", split="train")
data = ColPaliEngineDataset(rows, corpus, neg_target_column_name="neg_target", num_negatives=2)
batch = [data[place] for place in range(min(4, len(data)))]

torch.manual_seed(0)
words = torch.nn.Embedding(256, 8)
patches = torch.nn.Linear(64 * 3, 8)


def seen(picture):
    small = picture.convert("RGB").resize((32, 32))
    values = torch.tensor(list(small.tobytes()), dtype=torch.float32).reshape(4, 8, 4, 8, 3) / 255
    return patches(values.permute(0, 2, 1, 3, 4).reshape(16, 192))


queries = torch.stack([words(torch.tensor([char % 256 for char in row["query"].encode()[:40]])) for row in batch])
targets = torch.stack([seen(row["pos_target"][0]) for row in batch])
loss = ColbertPairwiseCELoss()(queries, targets)
loss.backward()
print(
    json.dumps(
        {
            "library": f"colpali-engine {version('colpali-engine')}",
            "rows": len(data),
            "corpus": len(corpus),
            "negatives": [len(row["neg_target"]) for row in batch],
            "loss": loss.item(),
            "moved": float(patches.weight.grad.abs().sum()),
        }
    )
)
