"""The logs of what a programme did, as a study declares them: aid, posts, tutoring, partners and photos (`[activities]` in study.toml)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from baksos_eval.study.rt import normalise_rt
from baksos_eval.study.toml import Model, Words

_PICTURES = frozenset((".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp"))

Kind = Literal["aid", "posts", "tutoring", "partners", "photos"]
KINDS: tuple[Kind, ...] = ("aid", "posts", "tutoring", "partners", "photos")

Count = Annotated[int, Field(ge=1)]
Amount = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Log(Model):
    """One table of records: where it lies, and what its columns are called where our own spellings do not fit.

    Attributes:
        file: relative to the study's folder.
        sheet: the worksheet; ``"*"`` reads every visible one, each named like its RT unless a column says the RT.
        header_row: the row of the headers, counted from 1, where it is not found by itself.
        rt: the RT of every row, where no column says it.
        dates: how the numbers of a date are ordered, where the column does not show it: ``"day_first"`` or ``"month_first"``.
        columns: headers of columns by our names for them (those of the log's form).
        words: what words of a column mean, by our name for it: ``{ kind = { "masker batik" = "masker" } }``.
    """

    file: str
    sheet: str = ""
    header_row: int | None = Field(default=None, ge=1)
    rt: str = ""
    dates: Literal["", "day_first", "month_first"] = ""
    columns: Mapping[str, str] = {}
    words: Mapping[str, Mapping[str, str]] = {}


class BudgetLine(Model):
    """One line of the budget: what it is for, how much it was to cost, and which kinds of aid it paid for."""

    label: Words
    kinds: tuple[str, ...] = Field(min_length=1)
    rupiah: Amount


class Eligible(Log):
    """The list of households entitled to aid; ``kinds`` says to which kinds of it, without any to all."""

    kinds: tuple[str, ...] = ()


class AidLog(Log):
    """The log of goods and money given.

    Attributes:
        households: how many households (KK) each RT has that the programme meant to reach; the denominator of coverage.
        groups: how many households of a target group the programme meant to reach, over all RTs.
        eligible: the list of the households that were entitled to the aid.
        contents: how many pieces a unit of a kind holds: ``{ masker = { kotak = 50 } }``.
        budget: what was planned.
    """

    households: Mapping[str, Count] = {}
    groups: Mapping[str, Count] = {}
    eligible: Eligible | None = None
    contents: Mapping[str, Mapping[str, Amount]] = {}
    budget: tuple[BudgetLine, ...] = ()

    @field_validator("households")
    @classmethod
    def _names_each_rt_once(cls, households: Mapping[str, int]) -> Mapping[str, int]:
        names: dict[str, str] = {}
        for rt in households:
            first = names.setdefault(normalise_rt(rt), rt)
            if first != rt:
                raise PydanticCustomError("study", "households", {"code": "activity_rt_twice", "first": first, "second": rt})
        return households

    @field_validator("budget")
    @classmethod
    def _pays_for_a_kind_once(cls, budget: tuple[BudgetLine, ...]) -> tuple[BudgetLine, ...]:
        paid: set[str] = set()
        for kind in (kind for line in budget for kind in line.kinds):
            if kind in paid:
                raise PydanticCustomError("study", "budget", {"code": "aid_budget_kind_twice", "kind": kind})
            paid.add(kind)
        return budget


class Topic(Model):
    """What posts are about.

    Attributes:
        label: its name in reports.
        words: words by which a post without a topic of its own is known to be about it, wherever its title or caption holds them.
        items: the items of the questionnaires that it teaches.
    """

    label: Words
    words: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


class PostsLog(Log):
    """The log of posts on Instagram: our sheet, or an export of Meta Business Suite.

    Attributes:
        definition: what the column of showings counts, where neither its title nor a column says it: ``"impressions"`` (until 2024) or ``"views"`` (since).
        followers: how many accounts followed the programme's, where no column says it.
        topics: what the posts are about, by our names for the topics.
    """

    definition: Literal["", "impressions", "views"] = ""
    followers: Count | None = None
    topics: Mapping[str, Topic] = {}


class Subject(Model):
    """One subject of the tutoring.

    Attributes:
        label: its name in reports.
        mastery: the mark from which a pupil has mastered it (KKM, KKTP); without it mastery is not counted.
        maximum: the highest possible mark; the lowest is 0.
        spellings: other words for it in the sheets.
        pre: the header of the marks before, where the sheet has a column for each subject and not a row.
        post: the header of the marks after, likewise.
    """

    label: Words
    mastery: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    maximum: Amount = 100
    spellings: tuple[str, ...] = ()
    pre: str = ""
    post: str = ""

    @model_validator(mode="after")
    def _can_be_mastered(self) -> Subject:
        if self.mastery is not None and self.mastery > self.maximum:
            raise PydanticCustomError("study", "subject", {"code": "tutoring_mastery_beyond", "mastery": self.mastery, "maximum": self.maximum})
        if bool(self.pre) != bool(self.post):
            raise PydanticCustomError("study", "subject", {"code": "tutoring_half_wide", "missing": "post" if self.pre else "pre"})
        return self


class TutoringLog(Log):
    """The log of tutoring: the sheet of attendance, and perhaps one of marks.

    Attributes:
        marks: the marks of each pupil before and after.
        subjects: the subjects, by their keys.
        target: the share of sessions, in per cent, from which a pupil came regularly.
    """

    marks: Log | None = None
    subjects: Mapping[str, Subject] = {}
    target: Annotated[float, Field(gt=0, le=100)] = 75


class PartnersLog(Log):
    """The log of partners.

    Attributes:
        letters_from: kinds of partners of whom a letter of permission is expected (those of the log's form).
        begins: the first day of the activities; a letter of a later day came too late.
    """

    letters_from: tuple[str, ...] = ("village", "rt", "foundation", "school", "health")
    begins: date | None = None


class SatisfactionSurvey(Model):
    """One questionnaire about how the programme was carried out, asked once: where its answers lie and how they are read.

    Attributes:
        file: relative to the study's folder; with ``sheet`` and ``header_row`` where they are not found by themselves.
        instrument: a bundled questionnaire or the name of a TOML file.
        method: ``"ikm"`` for the index of PermenPANRB 14/2017 (ratings 1 to 4), ``"tcr"`` for points in per cent of the highest possible.
        bands: the bands that the index is read by; without it those that go with the method.
        group: the header of the column that says whom an answer is from (partner, resident ...).
        groups: the groups in the order in which reports show them.
        consent: the header of the column in which people agree.
        items: headers by item, where ids, wordings and aliases do not match.
    """

    file: str
    sheet: str = ""
    header_row: int | None = Field(default=None, ge=1)
    instrument: str = "kepuasan_mitra"
    method: Literal["ikm", "tcr"] = "ikm"
    bands: Literal["", "ikm", "ikm_2004", "tcr_a", "tcr_b", "tcr_c", "index5"] = ""
    group: str = ""
    groups: tuple[str, ...] = ()
    consent: str = ""
    items: Mapping[str, str] = {}


class PhotosLog(Log):
    """The captions of the photos.

    Attributes:
        folder: where the photos lie, relative to the study's folder; without it, beside the sheet.
    """

    folder: str = ""


ATTENDANCE_COLUMNS = ("id", "rt", "date", "mark")
"""The columns of an attendance list that study.toml may name, and the one whose words it may explain."""


class AttendanceList(Log):
    """A list of who came to the programme's sessions, by the codes that the respondents use in the questionnaires.

    Attributes:
        name: our name for the activity; ``[doses.<name>]`` may give it a label.
        unlisted: how many sessions somebody came to who is not on the list of an RT that it is about: none (``"zero"``), or nobody knows (``"unknown"``).
    """

    name: str = Field(default="attendance", pattern=r"^[a-z][a-z0-9_]{0,39}$")
    unlisted: Literal["zero", "unknown"] = "zero"

    @model_validator(mode="after")
    def _names_columns_there_are(self) -> AttendanceList:
        for name in (*self.columns, *(f"words.{name}" for name in self.words)):
            if name not in ATTENDANCE_COLUMNS and name != "words.mark":
                raise PydanticCustomError("study", "attendance", {"code": "attendance_column_unknown", "name": name, "known": ATTENDANCE_COLUMNS})
        return self


class ActivitySettings(Model):
    """What the programme kept a log of; without any entry a study has no activities."""

    aid: AidLog | None = None
    posts: PostsLog | None = None
    tutoring: TutoringLog | None = None
    partners: PartnersLog | None = None
    photos: PhotosLog | None = None
    satisfaction: SatisfactionSurvey | None = None
    attendance: tuple[AttendanceList, ...] = ()

    @field_validator("attendance", mode="before")
    @classmethod
    def _one_list_is_enough(cls, value: object) -> object:
        return [value] if isinstance(value, Mapping) else value

    @field_validator("attendance")
    @classmethod
    def _names_each_list_once(cls, lists: tuple[AttendanceList, ...]) -> tuple[AttendanceList, ...]:
        names = [entry.name for entry in lists]
        for name in names:
            if names.count(name) > 1:
                raise PydanticCustomError("study", "attendance", {"code": "attendance_name_twice", "name": name})
        return lists

    @property
    def declared(self) -> Mapping[Kind, Log]:
        """The logs there are, by their kind."""
        return {kind: log for kind in KINDS if (log := getattr(self, kind)) is not None}

    @property
    def files(self) -> tuple[str, ...]:
        """Every file (or folder) that the logs name, each once."""
        return tuple(dict.fromkeys(_files(self)))

    def read_from(self, folder: Path) -> Mapping[str, Path]:
        """Every file that the logs are read from, by its name relative to the study's folder; photos by number, as their names may be people's."""
        found = {name: folder / name for name in self.files}
        if self.photos:
            beside = Path(self.photos.folder or Path(self.photos.file).parent)
            inside = sorted(path for path in (folder / beside).iterdir() if path.suffix.lower() in _PICTURES) if (folder / beside).is_dir() else []
            found |= {(beside / str(number)).as_posix(): path for number, path in enumerate(inside, start=1)}
        return {name: path for name, path in found.items() if path.is_file()}


def _files(model: Model) -> Iterator[str]:
    """What stands under ``file`` or ``folder`` anywhere in the model."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        if name in ("file", "folder") and value:
            yield value
        elif isinstance(value, Model):
            yield from _files(value)
        elif isinstance(value, tuple):
            yield from (file for entry in value if isinstance(entry, Model) for file in _files(entry))
