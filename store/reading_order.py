"""The order a page's notes are read in."""

from __future__ import annotations

import math

from store.model import Annotation


def reading_order(annotation: Annotation) -> tuple[bool, float, str, str]:
    """Sort key: notes on the whole page, then by where they stand, then by age."""
    start = annotation.position.start if annotation.position is not None else math.inf
    return annotation.quote is not None, start, annotation.created, annotation.id
