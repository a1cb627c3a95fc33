"""What the results themselves give cause to say about the data, as findings."""

from __future__ import annotations

from collections.abc import Iterable

from baksos_eval.errors import Finding, Severity
from baksos_eval.evaluation.results import ScaleResult

HARDLY_RELATED = 0.2
"""Pre and post of the same people usually correlate clearly; below this the pairing deserves a look."""

ENOUGH_TO_CORRELATE = 10
MANY_AT_THE_END = 0.15
"""A share of 15 % at one end of the scale (Terwee et al. 2007, J Clin Epidemiol 60:34-42) hides change."""

FEW_PAIRS = 10


def notices(rt: str, scales: Iterable[ScaleResult]) -> tuple[Finding, ...]:
    """Findings about one RT's results: hardly related pairs, scores at the end of a scale, few pairs."""
    found = []
    for result in scales:
        if result.scale.id != "total":
            continue
        details = {"scale": result.scale.label}
        if 5 <= result.n < FEW_PAIRS:
            found.append(Finding("few_pairs_for_inference", Severity.WARNING, result.n, rt=rt, details=details))
        if result.n >= ENOUGH_TO_CORRELATE and result.correlation.r < HARDLY_RELATED:
            found.append(Finding("pairs_hardly_related", Severity.WARNING, result.n, rt=rt, details=details | {"r": result.correlation.r}))
        for end in ("ceiling_pre", "floor_post", "ceiling_post", "floor_pre"):
            share = getattr(result.ends, end)
            if share >= MANY_AT_THE_END:
                found.append(Finding(f"many_at_{end}", Severity.NOTE, round(share * result.n), rt=rt, details=details | {"percent": 100 * share}))
    return tuple(found)
