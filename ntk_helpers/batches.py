"""A DataLoader over tensors that cuts whole batches."""

from __future__ import annotations

from typing import Any

from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset


class _Batched(TensorDataset):
    """Tensors that answer a list of indices with one batch, instead of one sample after another."""

    def __getitems__(self, indices: list[int]) -> tuple[Tensor, ...]:
        return self[indices]


def _as_it_is(batch: Any) -> Any:
    return batch


def in_order(images: Tensor, labels: Tensor, batch_size: int = 32) -> DataLoader:
    """Return an unshuffled DataLoader over (images (N, ...), labels (N,)); see
    `ntk_helpers.data.loader`."""
    return DataLoader(_Batched(images, labels), batch_size=batch_size, collate_fn=_as_it_is)
