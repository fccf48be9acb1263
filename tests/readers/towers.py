"""A tiny model of random weights for texts and pictures: enough for a step of contrastive training on a CPU."""

import zlib

import torch

SIDE = 32
_BUCKETS = 512
_DIMENSION = 16


class Towers(torch.nn.Module):
    """Puts a text (its words, hashed) and a picture (its pixels) into one space; a pair is their sum."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.words = torch.nn.EmbeddingBag(_BUCKETS, _DIMENSION)
        self.pixels = torch.nn.Linear(3 * SIDE * SIDE, _DIMENSION)

    def forward(self, texts, pictures):
        rows = [self._text(text) + self._picture(picture) for text, picture in zip(texts, pictures, strict=True)]
        return torch.nn.functional.normalize(torch.stack(rows), dim=-1)

    def _text(self, text):
        numbers = [zlib.crc32(word.encode()) % _BUCKETS for word in text.lower().split()]
        return self.words(torch.tensor([numbers]))[0] if numbers else torch.zeros(_DIMENSION)

    def _picture(self, picture):
        return torch.zeros(_DIMENSION) if picture is None else self.pixels(picture.flatten())


def seen(picture):
    """Return a picture as numbers, as small as the model sees it."""
    small = picture.convert("RGB").resize((SIDE, SIDE))
    return torch.tensor(list(small.tobytes()), dtype=torch.float32).reshape(SIDE, SIDE, 3).permute(2, 0, 1) / 255


def contrast(towers, query, candidates, labels, steps=8):
    """Train on queries with their own candidates each, and return the first and the last loss.

    Args:
        towers: the model.
        query: the queries' texts.
        candidates: for each query its candidates, (text, picture as numbers or None), as many for each.
        labels: for each query how right each candidate is, adding up to 1.
        steps: how often all of them are gone over.
    """
    optimizer = torch.optim.Adam(towers.parameters(), lr=0.02)
    losses = []
    for _ in range(steps):
        asked = towers(query, [None] * len(query))
        found = torch.stack([towers([text for text, _ in row], [one for _, one in row]) for row in candidates])
        scores = torch.einsum("qd,qcd->qc", asked, found) / 0.1
        loss = torch.nn.functional.cross_entropy(scores, torch.tensor(labels))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return {"first": losses[0], "last": losses[-1], "pictures": float(towers.pixels.weight.grad.abs().sum())}
