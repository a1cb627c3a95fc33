"""Sentences about the test that a normality test picks, where a study asks for it: what the habit says, and why it is not relied on."""

from __future__ import annotations

import math

from baksos_eval.evaluation.group_results import GroupResult
from baksos_eval.evaluation.results import Evaluation, ScaleResult
from baksos_eval.report.content import Text
from baksos_eval.report.phrases import scale_name
from baksos_eval.report.text import Catalogue, words
from baksos_eval.stats.ritual import PairedRitual, UnpairedRitual

Ritual = PairedRitual | UnpairedRitual


def ritual(e: Evaluation) -> tuple[Text, ...] | None:
    """What the habit picks and finds for each headline, whether the main result says the same, and why it is weaker; ``None`` unless declared."""
    c = words(e.study.language)
    told = [(r, r.annex.ritual) for r in e.any_headlines if r.annex.ritual]
    if not told:
        return None
    alpha = 1 - e.study.analysis.confidence
    known = [(r, found) for r, found in told if not math.isnan(found.p)]
    apart = [scale_name(r, e.study, c) for r, found in known if (found.p < alpha) != (r.mean_change.p < alpha)]
    closing = [c.text("ritual.differs", scales=c.listing(apart)) if apart else c.text("ritual.agrees")] if known else []
    sentences = [_in_words(r, found, e, c) for r, found in told]
    return (Text(" ".join([c.text("ritual.lead"), *sentences, *closing, c.text("ritual.see")])), Text(c.text("ritual.weaker"), role="limit"))


def picked_test(found: Ritual, c: Catalogue) -> str:
    """The test that the habit picked."""
    if isinstance(found, PairedRitual):
        return c.text("ritual.test.paired_t" if found.normal else "ritual.test.wilcoxon")
    return c.text("ritual.test.mann_whitney" if not found.normal else "ritual.test.student" if found.equal_spread else "ritual.test.welch")


def decision(found: Ritual, alpha: float, c: Catalogue) -> str:
    """What the habit writes about the null hypothesis."""
    return c.text("ritual.rejected" if found.p < alpha else "ritual.kept")


def _in_words(r: ScaleResult | GroupResult, found: Ritual, e: Evaluation, c: Catalogue) -> str:
    name = scale_name(r, e.study, c)
    if math.isnan(found.p):
        return c.text("ritual.not_computed", scale=name, reason=c.text(f"reason.{found.note}"))
    return c.text("ritual.normal" if found.normal else "ritual.not_normal", scale=name, gate=c.text("ritual.shapiro" if found.by_shapiro else "ritual.lilliefors"),
                  p_pre=c.p_phrase(found.p_normal_pre), p_post=c.p_phrase(found.p_normal_post), test=picked_test(found, c),
                  statistic=c.text("ritual.t" if found.normal else "ritual.z", value=c.number(found.statistic)), p=c.p_phrase(found.p),
                  decision=decision(found, 1 - e.study.analysis.confidence, c))
