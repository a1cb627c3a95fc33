"""Who may be the same person although the ids differ: proposals with their evidence, for somebody to accept or refuse."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import pandas as pd

from baksos_eval.errors import Finding, Severity, Where
from baksos_eval.intake.characteristics import agree
from baksos_eval.intake.files import MOST_PLACES
from baksos_eval.intake.names import name_key, name_similarity
from baksos_eval.intake.pairing import Pairing, pair, pair_each
from baksos_eval.intake.responses import Responses
from baksos_eval.intake.rows import person_key
from baksos_eval.study.study import WAVES, Study, Wave

NAMES_ALIKE = 0.88
SHORTEST_CODE = 4
SHORTEST_NUMBER = 6
"""Respondents numbered one after the other differ by one digit all the time; only longer numbers are compared."""

FACTS_ACROSS_RTS = 2
"""Between RTs a code one slip away is only proposed when this many facts about the person agree and none differs."""

_MOST_COMPARED = 2_000
_PIECE = re.compile(r"\d{1,2}|\D+")
_PLACE = ["file", "sheet", "row", "time"]


class Kind(StrEnum):
    """What speaks for two ids being one person's, the strongest first."""

    CONTRADICTED = "contradicted"
    SAME_ELSEWHERE = "same_elsewhere"
    NAME_EQUAL = "name_equal"
    SWAPPED = "swapped"
    ONE_EDIT = "one_edit"
    NAME_ALIKE = "name_alike"


class Strength(StrEnum):
    """How far the facts that people say of themselves (sex, age, schooling, …) support a proposal.

    ``supported``: some fact agrees, none differs, both are of one RT, and no other proposal that nothing contradicts shares a
    questionnaire. ``undecided``: no fact is known, such a rival exists, or the RT is another: among the people of all other RTs
    somebody alike is easily found. ``contradicted``: a fact differs.
    """

    SUPPORTED = "supported"
    UNDECIDED = "undecided"
    CONTRADICTED = "contradicted"


class Side(NamedTuple):
    """One questionnaire of a proposal: its row's label in the responses, its RT, its normalised id, its id as written, its place."""

    label: int
    rt: str
    key: str
    written: str
    where: Where


class Proposal(NamedTuple):
    """Two questionnaires that may be one person's.

    ``agreeing`` and ``differing`` name the profile's facts that speak for and against it; ``rivals`` counts other
    proposals with either questionnaire, ``strong_rivals`` those of them that no fact contradicts. ``token`` stays the same for as long as both questionnaires say the same.
    """

    before: Side
    after: Side
    kind: Kind
    similarity: float
    agreeing: tuple[str, ...]
    differing: tuple[str, ...]
    rivals: int
    token: str
    strong_rivals: int = 0

    @property
    def strength(self) -> Strength:
        """How far the facts support the proposal."""
        if self.differing:
            return Strength.CONTRADICTED
        alone_in_its_rt = self.before.rt == self.after.rt and not self.strong_rivals
        return Strength.SUPPORTED if self.agreeing and alone_in_its_rt else Strength.UNDECIDED


def propose(responses: Responses, study: Study) -> tuple[Proposal, ...]:
    """Every proposal of the study: a questionnaire of a wave whose person has none before it, beside people who have none in that wave.

    Within each RT and between RTs, for every wave after the first. Ids that are equal once normalised are pairs already
    (:func:`baksos_eval.intake.pairing.pair`) unless the facts contradict it; ids two slips apart and places in the file
    never are evidence.
    """
    if study.is_anonymous:
        return ()
    pairings = pair_each(responses.frame, study)
    search = _search(responses)
    found = []
    for wave in study.waves[1:]:
        alone = [_alone(responses.frame, pairings.of(rt), wave) for rt in pairings.rows]
        found += [proposal for before, after in alone for proposal in search.within(before, after)]
        found += search.between([label for before, _ in alone for label in before], [label for _, after in alone for label in after])
    return _with_rivals(found)


def nearly_equal(responses: Responses, rows: pd.DataFrame, pairing: Pairing, rt: str) -> list[Finding]:
    """What is worth a look among the unpaired people of one RT, without what somebody has refused already."""
    alone = [sides for wave in list(pairing.people)[1:] if all(sides := _alone(rows, pairing, wave))]
    found = [proposal for before, after in alone for proposal in _search(responses).within(before, after)
             if (proposal.before.label, proposal.after.label) not in responses.refused and not proposal.differing]
    findings = []
    for code, kinds in (("ids_nearly_equal", (Kind.SWAPPED, Kind.ONE_EDIT)), ("names_nearly_equal", (Kind.NAME_EQUAL, Kind.NAME_ALIKE))):
        of_kind = [proposal for proposal in found if proposal.kind in kinds]
        if of_kind:
            where = tuple(side.where for proposal in of_kind for side in (proposal.before, proposal.after))
            findings.append(Finding(code, Severity.WARNING, len(of_kind), where[:MOST_PLACES], rt))
    return findings


def evidence(before: str, after: str, written_before: str = "", written_after: str = "") -> tuple[Kind, float] | None:
    """What two different normalised ids have in common, if that is worth proposing, and how alike they are from 0 to 1.

    Of an id in several parts all but one must be equal. Ids of letters alone are taken for names; then what was
    written counts, with its spaces.

    >>> evidence("si1552", "si1525"), evidence("si1552", "si1652")[0], evidence("si1552", "si1663")
    ((<Kind.SWAPPED: 'swapped'>, 0.8333333333333334), <Kind.ONE_EDIT: 'one_edit'>, None)
    >>> evidence("hjsitiaminah", "sitiaminah", "Hj. Siti Aminah", "Siti Aminah")
    (<Kind.NAME_EQUAL: 'name_equal'>, 1.0)
    """
    from rapidfuzz.distance import DamerauLevenshtein

    parts = list(zip(before.split("\x1f"), after.split("\x1f"), strict=False))
    unequal = [place for place, (first, second) in enumerate(parts) if first != second]
    if before.count("\x1f") != after.count("\x1f") or len(unequal) != 1:
        return None
    first, second = parts[unequal[0]]
    if not any(letter.isdigit() for letter in first + second):
        told = (text.split("\x1f")[unequal[0]] if text.count("\x1f") == before.count("\x1f") else "" for text in (written_before, written_after))
        alike = name_similarity(*(text or key for text, key in zip(told, (first, second), strict=True)))
        return (Kind.NAME_EQUAL, 1.0) if alike == 1 else (Kind.NAME_ALIKE, alike) if alike >= NAMES_ALIKE else None
    whole = min((before.replace("\x1f", ""), after.replace("\x1f", "")), key=len)
    if len(whole) < (SHORTEST_NUMBER if whole.isdecimal() else SHORTEST_CODE) or DamerauLevenshtein.distance(first, second, score_cutoff=1) > 1:
        return None
    kind = Kind.SWAPPED if sorted(first) == sorted(second) else Kind.ONE_EDIT
    return kind, 1 - 1 / len(max(before.replace("\x1f", ""), after.replace("\x1f", ""), key=len))


def close_pairs(first: Sequence[str], second: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places of two keys that may be one slip apart, found through what is left when one letter is taken out."""
    known: dict[str, list[int]] = defaultdict(list)
    for place, key in enumerate(first):
        for variant in _shortened(key):
            known[variant].append(place)
    for place, key in enumerate(second):
        yield from ((other, place) for other in dict.fromkeys(other for variant in _shortened(key) for other in known.get(variant, ())))


def _shortened(key: str) -> set[str]:
    return {key, *(key[:place] + key[place + 1:] for place in range(len(key)))}


def _alone(rows: pd.DataFrame, pairing: Pairing, wave: Wave) -> tuple[list[int], list[int]]:
    """Labels of the latest questionnaires before a wave of people who have none in it, and of that wave's people who have none before it.

    Of those only who have an id of their own.
    """
    place = list(pairing.people).index(wave)
    table = pairing.people.to_numpy()
    earlier, there = table[:, :place], table[:, place] >= 0
    known = (earlier >= 0).any(axis=1)
    latest = np.take_along_axis(earlier, (place - 1 - np.argmax(earlier[:, ::-1] >= 0, axis=1))[:, None], axis=1)[:, 0]
    sides = []
    for labels in (latest[known & ~there], table[there & ~known, place]):
        keys = rows["person"].loc[labels].to_numpy(dtype=object) if len(labels) else ()
        sides.append([int(label) for label, key in zip(labels, keys, strict=True) if key and not key.startswith("~")])
    return sides[0], sides[1]


class _Search:
    """Looks for proposals among rows of the responses."""

    def __init__(self, responses: Responses) -> None:
        self.frame = responses.frame
        self.written = _as_written(responses.ids)
        self.facts = [name for name in responses.frame if name.startswith("profile.")]
        self.said = responses.frame.columns.difference(_PLACE).tolist()
        self.sides: dict[int, Side] = {}

    def within(self, before: Sequence[int], after: Sequence[int]) -> Iterator[Proposal]:
        """Proposals between people of one RT."""
        if before and after and max(len(before), len(after)) <= _MOST_COMPARED:
            first, second = ([self.side(label) for label in labels] for labels in (before, after))
            yield from self._proposals(self._candidates(first, second))

    def between(self, before: Sequence[int], after: Sequence[int]) -> Iterator[Proposal]:
        """Proposals between people of different RTs: the same id or the same name, or a slip where the facts agree."""
        first, second = ([self.side(label) for label in labels] for labels in (before, after))
        pairs = [(left, right) for left, right in self._candidates(first, second, all_names=False) if left.rt != right.rt]
        for proposal in self._proposals(pairs):
            if proposal.kind in (Kind.SAME_ELSEWHERE, Kind.NAME_EQUAL) or (len(proposal.agreeing) >= FACTS_ACROSS_RTS and not proposal.differing):
                yield proposal

    def side(self, label: int) -> Side:
        if label not in self.sides:
            row = self.frame.loc[label]
            key = row["person"]
            written = "\x1f".join(self.written.get(part, part) for part in key.split("\x1f"))
            self.sides[label] = Side(label, str(row["rt"]), key, written, Where(str(row["file"]), str(row["sheet"]), int(row["row"])))
        return self.sides[label]

    def _candidates(self, first: Sequence[Side], second: Sequence[Side], all_names: bool = True) -> Iterator[tuple[Side, Side]]:
        """Pairs that are worth comparing, each once: close codes, and names (all with all, or those that are equal as names)."""
        near = [(first[left], second[right]) for left, right in close_pairs([side.key for side in first], [side.key for side in second])]
        names = [[side for side in sides if not any(letter.isdigit() for letter in side.key)] for sides in (first, second)]
        if all_names:
            near += [(left, right) for left in names[0] for right in names[1]]
        else:
            alike: dict[tuple, list[Side]] = defaultdict(list)
            for side in names[0]:
                alike[name_key(side.written)].append(side)
            near += [(left, right) for right in names[1] for left in alike.get(name_key(right.written), ())]
        yield from {(left.label, right.label): (left, right) for left, right in near}.values()

    def _proposals(self, pairs: Iterable[tuple[Side, Side]]) -> Iterator[Proposal]:
        for left, right in pairs:
            same = Kind.CONTRADICTED if left.rt == right.rt else Kind.SAME_ELSEWHERE
            found = (same, 1.0) if left.key == right.key else evidence(left.key, right.key, left.written, right.written)
            if found:
                facts = {name.removeprefix("profile."): agree(*(str(self.frame.at[side.label, name]) for side in (left, right))) for name in self.facts}
                yield Proposal(left, right, *found, tuple(name for name, same in facts.items() if same), tuple(name for name, same in facts.items() if same is False),
                               0, self._token(left.label, right.label))

    def _token(self, *labels: int) -> str:
        said = "\x1d".join("\x1e".join(map(str, self.frame.loc[label, self.said])) for label in labels)
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:24]


_searches: dict[int, tuple[Responses, _Search]] = {}


def _search(responses: Responses) -> _Search:
    """Made once for the responses at hand, not once for each RT."""
    kept = _searches.get(id(responses))
    if kept is None or kept[0] is not responses:
        _searches.clear()
        _searches[id(responses)] = kept = (responses, _Search(responses))
    return kept[1]


def _as_written(ids: Iterable[str]) -> dict[str, str]:
    """Each normalised id with the way it is written in the files, the fullest if there are several."""
    written: dict[str, str] = {}
    for text in sorted(ids, key=lambda text: (len(text), text)):
        written[person_key(text)] = text
    return written


def _with_rivals(proposals: Sequence[Proposal]) -> tuple[Proposal, ...]:
    every, strong = (Counter(label for proposal in chosen for label in (proposal.before.label, proposal.after.label))
                     for chosen in (proposals, [proposal for proposal in proposals if not proposal.differing]))
    told = [proposal._replace(rivals=every[proposal.before.label] + every[proposal.after.label] - 2,
                              strong_rivals=strong[proposal.before.label] + strong[proposal.after.label] - 2 * (not proposal.differing)) for proposal in proposals]
    kinds, strengths = list(Kind), list(Strength)
    return tuple(sorted(told, key=lambda proposal: (proposal.before.rt, strengths.index(proposal.strength), kinds.index(proposal.kind), -proposal.similarity, proposal.before.label, proposal.after.label)))


class Chance(NamedTuple):
    """How easily different people have the same id by chance.

    ``same`` is the probability for two people; ``collision`` that at least two of ``people`` in one RT (the largest)
    share an id; ``overall`` likewise of ``everybody``, as if RTs were not kept apart. ``by_chance`` is how many proposals
    one slip apart to expect between people who have nothing to do with each other.
    """

    people: int
    everybody: int
    same: float
    collision: float
    overall: float
    by_chance: float


def chance(responses: Responses, study: Study) -> Chance:
    """The study's own rates, from how its ids are put together.

    An id is cut into runs of letters and pairs of digits; among ids cut alike the probability that two people have the
    same piece is estimated without bias from how often each piece occurs (Simpson 1949, *Nature* 163:688), and the pieces
    are taken as independent. How many people share an id by chance is then nearly Poisson.
    """
    frame = responses.frame
    named = frame[(frame["person"] != "") & ~frame["person"].astype(str).str.startswith("~") & frame["wave"].isin(WAVES)]
    people = named.drop_duplicates(["rt", "person"])
    sizes = people.groupby("rt", observed=True).size()
    groups = [keys.tolist() for _, keys in people.groupby("rt", observed=True)["person"]]
    same, same_overall = match_probability(*groups), match_probability(people["person"].tolist())
    close, compared, expected = 0, 0, 0.0
    for rt, rows in named.groupby("rt", observed=True):
        for _, keys in rows.groupby("wave", observed=True)["person"]:
            different = sorted(set(keys))
            close += sum(left < right and evidence(different[left], different[right]) is not None for left, right in close_pairs(different, different))
            compared += len(different) * (len(different) - 1) // 2
        before, after = _alone(rows, pair(rows, study, str(rt)), WAVES[1])
        expected += len(before) * len(after)
    largest, everybody = int(sizes.max()) if len(sizes) else 0, len(people)
    return Chance(largest, everybody, same, collision_chance(same, largest), collision_chance(same_overall, everybody), expected * close / compared if compared else 0.0)


def match_probability(*groups: Sequence[str]) -> float:
    """The probability that two different people of the same group have the same id.

    >>> round(match_probability([f"{a}{b:02d}" for a in ("si", "nu") for b in range(50)]), 4)
    0.005
    """
    places: dict[str, list[list[Counter[str]]]] = defaultdict(list)
    pairs = 0
    for keys in groups:
        pairs += len(keys) * (len(keys) - 1)
        of_shape: dict[str, list[list[str]]] = defaultdict(list)
        for key in keys:
            pieces = _pieces(key)
            of_shape["".join("d" if piece.isdigit() else "l" for piece in pieces)].append(pieces)
        for shape, rows in of_shape.items():
            places[shape].append([Counter(column) for column in zip(*rows, strict=True)])
    if not pairs:
        return 1.0
    total = 0.0
    for tallies in places.values():
        alike = sum(tally[0].total() * (tally[0].total() - 1) for tally in tallies if tally)
        total += alike * math.prod(_simpson(column) for column in zip(*tallies, strict=True))
    return total / pairs


def collision_chance(same: float, people: int) -> float:
    """The probability that at least two of so many people share an id.

    >>> round(collision_chance(1 / 365, 23), 2)
    0.5
    """
    return float(-np.expm1(-same * people * (people - 1) / 2))


def _simpson(tallies: Sequence[Counter[str]]) -> float:
    """The share of equal pieces among all pairs of people of one group."""
    pairs = sum(tally.total() * (tally.total() - 1) for tally in tallies)
    return sum(count * (count - 1) for tally in tallies for count in tally.values()) / pairs if pairs else 1.0


def _pieces(key: str) -> list[str]:
    return _PIECE.findall(key)
