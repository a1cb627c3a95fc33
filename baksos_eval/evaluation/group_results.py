"""The frozen result of an anonymous study: before and after as two groups of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from baksos_eval.evaluation.results import Ends, Variant
from baksos_eval.stats import description, items, ratings, reliability, ritual, unpaired
from baksos_eval.study.instrument import Item, Scale


class AnsweredApart(NamedTuple):
    """How many people have a score on a scale before, and how many after."""

    n_pre: int
    n_post: int
    note: str = ""


class CategoriesApart(NamedTuple):
    """People per category before and after; ``pre`` and ``post`` map the preset's band keys, the best band first, to counts."""

    preset: str
    pre: Mapping[str, int]
    post: Mapping[str, int]
    note: str = ""


@dataclass(frozen=True)
class GroupAnnex:
    """The second rank of results on one scale. ``sensitivity`` begins with the main result; ``ritual`` is there where the study asks for it."""

    student: unpaired.MeanDifference
    equivalence: unpaired.GroupEquivalence | None
    shapiro_pre: description.ShapiroWilk
    shapiro_post: description.ShapiroWilk
    lilliefors_pre: description.Lilliefors
    lilliefors_post: description.Lilliefors
    omega_pre: reliability.Omega
    omega_post: reliability.Omega
    index_pre: ratings.Index
    index_post: ratings.Index
    sensitivity: tuple[Variant, ...]
    ritual: ritual.UnpairedRitual | None = None


@dataclass(frozen=True)
class GroupResult:
    """Everything about one scale in one RT of an anonymous study. ``pre`` and ``post`` are scores, sorted, of different people."""

    scale: Scale
    pre: tuple[float, ...]
    post: tuple[float, ...]
    answered: AnsweredApart
    welch: unpaired.MeanDifference
    verdict: str
    rank_sum: unpaired.RankSum
    superiority: unpaired.Superiority
    cliff_delta: unpaired.Dominance
    standardised: unpaired.StandardisedChange
    group_gain: unpaired.GroupGain
    alpha_pre: reliability.Alpha
    alpha_post: reliability.Alpha
    ends: Ends
    smallest_detectable: unpaired.DetectableDifference
    categories: CategoriesApart | None
    annex: GroupAnnex

    @property
    def mean_change(self) -> unpaired.MeanDifference:
        """The change of the mean, under the name it has in every design."""
        return self.welch

    @property
    def shown(self) -> bool:
        """Whether both waves have enough people for anything but counts."""
        return bool(self.pre)

    @property
    def name(self) -> str:
        """``instrument.scale``: the scale's name in the ledger."""
        return f"{self.scale.instrument}.{self.scale.id}"


@dataclass(frozen=True)
class GroupItem:
    """One item of an anonymous study, among those who answered it before and those who answered it after.

    ``pre`` and ``post`` map the option codes, in the instrument's order, to how many people chose them. ``share`` (knowledge)
    is the difference of right answers with Fisher's test; ``difference`` and ``rank_sum`` (rating) compare the item scores.
    ``p_holm`` is adjusted within the instrument. ``worth_*`` and ``quality_*`` are as in :class:`ItemResult`.
    """

    item: Item
    instrument: str
    n_pre: int
    n_post: int
    pre: Mapping[str, int]
    post: Mapping[str, int]
    mean_pre: float
    mean_post: float
    share: unpaired.ShareDifference | None
    difference: unpaired.MeanDifference | None
    rank_sum: unpaired.RankSum | None
    worth_pre: reliability.ItemReliability
    worth_post: reliability.ItemReliability
    quality_pre: items.ItemQuality | None
    quality_post: items.ItemQuality | None
    p: float
    p_holm: float

    @property
    def n(self) -> int:
        """Answers of both waves."""
        return self.n_pre + self.n_post

    @property
    def shown(self) -> bool:
        """Whether enough people answered the item in both waves for anything but counts."""
        return bool(self.pre)
