"""Who took part in the programme, and how much of it: the comparison group and the doses that a study declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from baksos_eval.study.toml import Model, Words

Arm = Literal["programme", "comparison"]
ARMS: tuple[Arm, ...] = ("programme", "comparison")
ARM_WORDS: Mapping[Arm, tuple[str, ...]] = {
    "programme": ("program", "programme", "peserta", "perlakuan", "intervensi", "eksperimen", "intervention", "treatment", "experimental"),
    "comparison": ("pembanding", "kontrol", "kelompok kontrol", "comparison", "control"),
}

Primary = Literal["difference_in_changes", "ancova"]


class Comparison(Model):
    """People without the programme, with whom the change is compared: whole RTs, or persons by a column of the answers.

    Attributes:
        rts: the RTs without the programme; all others had it.
        programme: words of ``columns.arm`` for somebody who took part; without any, :data:`ARM_WORDS`.
        comparison: words for somebody who did not.
        primary: which figure the conclusion rests on; the other is printed beside it.
    """

    rts: tuple[str, ...] = ()
    programme: tuple[str, ...] = ()
    comparison: tuple[str, ...] = ()
    primary: Primary = "difference_in_changes"

    @property
    def of_persons(self) -> bool:
        """Whether persons are compared, and not whole RTs."""
        return not self.rts

    def words(self, arm: Arm) -> tuple[str, ...]:
        """What stands in the column for a group."""
        return (self.programme if arm == "programme" else self.comparison) or ARM_WORDS[arm]

    @model_validator(mode="after")
    def _names_each_group_one_way(self) -> Comparison:
        given = bool(self.programme), bool(self.comparison)
        if self.rts and any(given):
            raise PydanticCustomError("study", "comparison", {"code": "comparison_declared_twice"})
        if given[0] != given[1]:
            raise PydanticCustomError("study", "comparison", {"code": "comparison_half_declared", "missing": "comparison" if given[0] else "programme"})
        shared = {word.casefold().strip() for word in self.programme} & {word.casefold().strip() for word in self.comparison}
        if shared:
            raise PydanticCustomError("study", "comparison", {"code": "comparison_word_twice", "words": tuple(sorted(shared))})
        return self


class Dose(Model):
    """How much of an activity somebody took part in, asked in the column ``columns.dose.<name>``.

    Attributes:
        label: the activity's name in reports; without it, the name of the column's key.
        values: answers in words and what they count; numbers and yes or no need none.
    """

    label: Words | None = None
    values: Mapping[str, Annotated[float, Field(ge=0, allow_inf_nan=False)]] = {}
