"""A character-level transformer, small enough that four ranks train it on two CPU cores at about ten steps a second."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

CONTEXT = 32
"""Characters that the model sees at once."""

WIDTH = 48
HEADS = 4
LAYERS = 2


class Block(nn.Module):
    """Self-attention over the characters so far, then a small network on each position; both with a residual path."""

    def __init__(self) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(WIDTH)
        self.query_key_value = nn.Linear(WIDTH, 3 * WIDTH)
        self.attention_output = nn.Linear(WIDTH, WIDTH)
        self.network_norm = nn.LayerNorm(WIDTH)
        self.network = nn.Sequential(nn.Linear(WIDTH, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH))

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        hidden = hidden + self._attend(self.attention_norm(hidden), mask)
        return hidden + self.network(self.network_norm(hidden))

    def _attend(self, hidden: Tensor, mask: Tensor) -> Tensor:
        batch, length, _ = hidden.shape
        per_head = self.query_key_value(hidden).view(batch, length, 3, HEADS, WIDTH // HEADS)
        query, key, value = per_head.permute(2, 0, 3, 1, 4)
        scores = query @ key.transpose(-2, -1) / (WIDTH // HEADS) ** 0.5
        weights = functional.softmax(scores + mask, dim=-1)
        return self.attention_output((weights @ value).transpose(1, 2).reshape(batch, length, WIDTH))


class TinyTransformer(nn.Module):
    """Predicts each next character of a text. Has no dropout: the same input and weights give the same output."""

    def __init__(self, characters: int) -> None:
        super().__init__()
        self.character = nn.Embedding(characters, WIDTH)
        self.position = nn.Embedding(CONTEXT, WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH)
        self.output = nn.Linear(WIDTH, characters)
        # Added to the attention scores: minus infinity hides from each character those that come after it.
        self._mask = torch.full((CONTEXT, CONTEXT), float("-inf")).triu(1)

    def forward(self, text: Tensor, following: Tensor) -> Tensor:
        """The mean cross-entropy, in nats per character, of `following` given `text`; both are batch x CONTEXT."""
        hidden = self.character(text) + self.position.weight
        for block in self.blocks:
            hidden = block(hidden, self._mask)
        scores = self.output(self.norm(hidden))
        return functional.cross_entropy(scores.flatten(0, 1), following.flatten())
