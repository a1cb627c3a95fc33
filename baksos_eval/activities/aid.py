"""Aid given: who was reached, with what, how well it is proven, and what it cost.

A *handing over* is one row of the log. Households and institutions (an orphanage, a mosque) are never added up: an institution
has no place in a share of households.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from baksos_eval.activities.amounts import Quantity
from baksos_eval.errors import Where
from baksos_eval.study.toml import Words

MASKS, GENERAL, SEVERAL, NOT_SAID = "masks", "general", "several", "not_said"
"""A kind of aid; target groups: everybody, more than one, and none written down."""

PROOFS = ("receipt", "photo", "both")
"""What counts as proof; ``none`` says that there is none, an empty cell that nobody knows."""


class AidReason(StrEnum):
    """Why a number about aid cannot be computed; each has a sentence ``reason.<value>`` in both catalogues."""

    NO_TARGET = "aid_no_target"            # the study does not say how many households were meant to be reached
    NO_CODES = "aid_no_codes"              # no household of the log has a code
    NO_LIST = "aid_no_list"                # there is no list of those entitled
    CODES_DIFFER = "aid_codes_differ"      # no code of the list occurs in the log
    NO_VALUES = "aid_no_values"            # no row for a household has a value
    NO_PIECES = "aid_no_pieces"            # no row tells both pieces and people in the household
    WITHHELD = "aid_withheld"              # it would give back the figure of an RT with too few households


class AidRow(NamedTuple):
    """One handing over, to a household or to an institution, of one kind."""

    where: Where
    date: date | None
    rt: str
    household: str
    institution: str
    group: str
    kind: str
    quantity: Quantity
    unit: str
    value: float | None
    members: float | None
    way: str
    proof: str
    note: str

    @property
    def to_institution(self) -> bool:
        return bool(self.institution) and not self.household


class Coverage(NamedTuple):
    """How many of the households that were meant were reached: ``share = reached / targeted``.

    Each household counts once, however often it received something (Rossi, Lipsey & Freeman 2004, *Evaluation*, 7th ed.,
    ch. 6, *coverage*). It is above 1 where more were reached than meant. Not computable without the number meant
    (``aid_no_target``) or without household codes (``aid_no_codes``).
    """

    reached: float
    targeted: float
    share: float
    note: str = ""


class Targeting(NamedTuple):
    """How far aid went to those entitled to it.

    ``exclusion = (entitled and not reached) / entitled``, ``inclusion = (reached and not entitled) / reached`` (Coady, Grosh &
    Hoddinott 2004, *Targeting of Transfers in Developing Countries*, World Bank, ch. 2; Cornia & Stewart 1993, *Journal of
    International Development* 5:459-496). Only the kinds of aid that the list is about count. Not computable without a list of
    those entitled (``aid_no_list``), when its codes are others than the log's (``aid_codes_differ``), and withheld below five households (``too_few``).
    """

    entitled: float
    reached: float
    reached_entitled: float
    exclusion: float
    inclusion: float
    note: str = ""


class Repetition(NamedTuple):
    """Households that received the same kind of aid more than once, and how many times beyond the first in all."""

    kind: str
    households: int
    extra: int


class Proof(NamedTuple):
    """How many handings over are proven: ``share = proven / handovers``; ``unknown`` are those whose cell is empty."""

    handovers: int
    receipt: int
    photo: int
    both: int
    none: int
    unknown: int
    share: float
    note: str = ""


class HouseholdValue(NamedTuple):
    """What a household received in all, in rupiah, over the ``households`` all of whose rows have a value.

    ``total`` is the sum of all values given to households; ``without_value`` rows are not in it, so that it then is a lower
    bound. Median and ends are withheld below five households (``too_few``) and missing without values (``aid_no_values``); the
    total of an RT is withheld below five households, and where it would give that of another RT back (``total_note``).
    """

    households: int
    median: float
    lowest: float
    highest: float
    total: float
    without_value: int
    note: str = ""
    total_note: str = ""


class MasksPerPerson(NamedTuple):
    """``per_person = masks / people`` over the households that received masks, told in pieces, and whose people are known.

    ``of_households`` is how many received masks. A box has as many pieces as the study says (``contents``); without that, or
    without people, a household is left out, and without any the figure is missing (``aid_no_pieces``). Masks and people of an RT
    are withheld below five households (``too_few``), and where they would give those of another RT back (``aid_withheld``).
    """

    households: int
    of_households: int
    masks: float
    people: float
    per_person: float
    note: str = ""


class Total(NamedTuple):
    """What was given of one kind in one unit; quantities of different units are never added.

    ``households`` and ``institutions`` are quantities, ``reached`` the number of different households; ``unread`` rows have no
    quantity and ``without_value`` none in rupiah. ``hidden`` says that none of it is shown: so few households of one RT received
    it that it would tell who they are (money for orphans, say), or it would give such a number back.
    """

    kind: str
    unit: str
    handovers: int
    reached: int
    households: float
    institutions: float
    value: float
    unread: int
    without_value: int
    hidden: bool = False


class Day(NamedTuple):
    """How many handings over there were on a day, by kind."""

    day: date
    kinds: tuple[tuple[str, int], ...]

    @property
    def handovers(self) -> int:
        return sum(count for _, count in self.kinds)


class ToInstitution(NamedTuple):
    """What one institution received of one kind in one unit (``nan`` where no row has a quantity or value)."""

    institution: str
    kind: str
    unit: str
    handovers: int
    quantity: float
    value: float
    people: float


class BudgetUse(NamedTuple):
    """A line of the budget against what was spent: ``share = realised / planned``.

    Realised is the value of everything of the line's kinds, for institutions too; ``without_value`` rows are not in it, and
    it is then a lower bound.
    """

    label: Words
    planned: float
    realised: float
    share: float
    without_value: int


class GroupReach(NamedTuple):
    """Different households reached in one target group, in each RT (in the order of :attr:`Aid.rts`; empty of very many RTs) and in all.

    A count of one to four is ``None``, and so is whatever would give it back; ``coverage`` is missing with it.
    """

    group: str
    of_rts: tuple[int | None, ...]
    reached: int | None
    coverage: Coverage


@dataclass(frozen=True)
class AidResult:
    """Everything about the aid in one RT, or in the whole programme where ``rt`` is empty.

    Attributes:
        handovers: rows of the log, ``institutional`` of them to institutions.
        households: different households reached.
        unidentified: rows for households without a code; nobody knows whether these were reached before.
        ways: how often each way was used, ``""`` where it is not written.
        undated: rows without a date, which are in no day.
        reach: how many different households had been reached by the end of each day.
    """

    rt: str
    handovers: int
    institutional: int
    households: int
    unidentified: int
    coverage: Coverage
    targeting: Targeting
    repeated: tuple[Repetition, ...]
    proof: Proof
    value: HouseholdValue
    masks: MasksPerPerson
    totals: tuple[Total, ...]
    ways: tuple[tuple[str, int], ...]
    days: tuple[Day, ...]
    undated: int
    reach: tuple[tuple[date, int], ...]


@dataclass(frozen=True)
class Aid:
    """The aid of a programme, or of one RT.

    Attributes:
        result: all of it.
        rts: each RT by itself; empty in the aid of one RT.
        groups: households by target group; empty when that cannot be shown without telling who belongs to a small group.
        groups_hidden: whether there are target groups that cannot be shown.
        institutions: what institutions received; empty in the aid of one RT that names none.
        budget: the budget's lines; empty in the aid of one RT.
        entitled_to: the kinds of aid that the list of those entitled is about; empty: all.
    """

    result: AidResult
    rts: tuple[AidResult, ...] = ()
    groups: tuple[GroupReach, ...] = ()
    groups_hidden: bool = False
    institutions: tuple[ToInstitution, ...] = ()
    budget: tuple[BudgetUse, ...] = ()
    entitled_to: tuple[str, ...] = ()

    def of_rt(self, rt: str) -> Aid | None:
        """The aid of one RT; ``None`` when nothing was given there and nothing was meant to be."""
        found = next((number for number, result in enumerate(self.rts) if result.rt == rt), None)
        if found is None:
            return None
        apart = [group for group in self.groups if group.of_rts]
        missing = Coverage(math.nan, math.nan, math.nan, str(AidReason.NO_TARGET))
        groups = tuple(GroupReach(group.group, (), group.of_rts[found], missing._replace(reached=math.nan if group.of_rts[found] is None else float(group.of_rts[found] or 0)))
                       for group in apart if group.of_rts[found] != 0)
        return Aid(self.rts[found], groups=groups, groups_hidden=self.groups_hidden or bool(self.groups and not apart), entitled_to=self.entitled_to)
