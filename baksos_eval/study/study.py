"""A study as data: what was asked, where the answers are, how they are to be analysed (``study.toml``)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from baksos_eval.errors import BaksosError, Finding, Severity, Where
from baksos_eval.study.activities import ActivitySettings
from baksos_eval.study.comparison import Arm, Comparison, Dose
from baksos_eval.study.instrument import Instrument, load_instrument
from baksos_eval.study.logic import Problem, Step, unknown_evidence
from baksos_eval.study.report import ReportSettings
from baksos_eval.study.rt import normalise_rt
from baksos_eval.study.toml import Model, Words, load

Wave = str
WAVES: tuple[Wave, ...] = ("pre", "post")
"""The waves of the main comparison. A study may name later ones after them (:attr:`Study.waves`)."""

NAMED_WAVES = (*WAVES, "delayed")
"""The waves that reports have words for; any other one needs a label of its own."""

_WAVE_NAME = re.compile(r"[a-z][a-z0-9_]{0,19}")


class Place(Model):
    """Where the programme took place; printed on the first page."""

    kelurahan: str = ""
    kecamatan: str = ""
    city: str = ""


class Team(Model):
    """Who made the programme; printed on the first page. Leave out what must not be printed."""

    institution: str = ""
    unit: str = ""
    programme: str = ""
    period: str = ""


class Columns(Model):
    """How columns are called in the files. Each value is a header, compared without regard to case and spacing.

    Attributes:
        id: one header, or several whose values together identify a person.
        rt: the column that names the RT, where a file holds several.
        wave: the column that says pre or post, where a file holds both in rows.
        consent: the column in which a respondent agrees.
        time: when the form was sent.
        arm: the column that says who took part in the programme and who is there for comparison.
        dose: columns that say how much of an activity somebody took part in: our name = header.
        profile: further columns to describe the respondents by: our name = header.
        total: recorded totals (``Jumlah``) to compare with our own sums, per instrument.
    """

    id: tuple[str, ...] | str = ()
    rt: str = ""
    wave: str = ""
    consent: str = ""
    time: str = ""
    arm: str = ""
    dose: Mapping[str, str] = {}
    profile: Mapping[str, str] = {}
    total: Mapping[str, str] = {}

    @property
    def id_columns(self) -> tuple[str, ...]:
        return (self.id,) if isinstance(self.id, str) else self.id

    def over(self, other: Columns) -> Columns:
        """These columns, with ``other``'s where these say nothing."""
        mine = {name: getattr(self, name) for name in self.model_fields_set}
        return other.model_copy(update=mine)


class Source(Model):
    """One table of answers: a file (and sheet), and what its rows are.

    Exactly one of these says which wave a row belongs to:

    * ``wave = "pre"``: the whole table (two files, or two sheets of one workbook);
    * a wave column (``columns.wave``) with the words of ``waves``: one long table;
    * ``wide``: waves side by side in one row; a pattern per wave, e.g. ``{ pre = "Pre {item}", post = "Post {item}" }``
      with ``{item}`` the item's id, ``{number}`` its position from 1, ``{text}`` its wording;
    * ``event``: one form filled in twice; what was sent before that day (or moment) is pre, what was sent after it post.

    ``dates`` says how the numbers of a date are ordered, where the column does not show it: ``"day_first"`` or ``"month_first"``.

    ``items`` (or ``wide_items`` per wave) maps item ids to headers where ids, wordings and aliases do not match.
    """

    file: str
    sheet: str = ""
    header_row: int | None = Field(default=None, ge=1)
    rt: str = ""
    wave: Wave | None = None
    waves: Mapping[Wave, tuple[str, ...]] = {}
    wide: Mapping[Wave, str] = {}
    event: datetime | date | None = None
    dates: Literal["", "day_first", "month_first"] = ""
    items: Mapping[str, str] = {}
    wide_items: Mapping[Wave, Mapping[str, str]] = {}
    columns: Columns = Columns()

    @property
    def layout(self) -> Literal["wave", "long", "wide"]:
        return "wide" if self.wide or self.wide_items else "wave" if self.wave else "long"

    @field_validator("wave", "waves", "wide", "wide_items")
    @classmethod
    def _knows_the_wave(cls, value: object, about: ValidationInfo) -> object:
        known = _declared_waves(about.context)
        for wave in value if isinstance(value, Mapping) else (value,):
            if wave is not None and wave not in known:
                raise PydanticCustomError("study", "wave", {"code": "study_wave_unknown", "found": wave, "known": known})
        return value

    @model_validator(mode="after")
    def _names_its_wave_once(self) -> Source:
        if sum(map(bool, (self.wave, self.wide or self.wide_items, self.event))) > 1:
            raise PydanticCustomError("study", "wave", {"code": "study_wave_twice", "file": self.file})
        return self


def _declared_waves(study: object) -> tuple[Wave, ...]:
    """The waves of the study whose file is being read (``study`` is its content); pre and post where it names none."""
    named = study.get("waves") if isinstance(study, Mapping) else None
    return tuple(named) if isinstance(named, list | tuple) and all(isinstance(wave, str) for wave in named) else WAVES


class Answers(Model):
    """How answers are read.

    Attributes:
        pairing: ``"code"``: people are paired by their id; ``"anonymous"``: nobody can be, and the waves are compared as two
            groups of different people.
        dates: how the numbers of a date are ordered in every file that does not show it (``"day_first"``, ``"month_first"``).
        blank: texts that mean "no answer", beside an empty cell.
        unreadable: what to do with a text that no option knows: ``"stop"`` the RT, or leave it ``"blank"`` (counted).
        consent_given: texts of the consent column that mean yes; anything else is a refusal.
        duplicates: the same id twice in one wave: ``"refuse"`` the person, or keep the ``"first"`` or ``"last"`` row, or the first
            before and the last after (``"first_pre_last_post"``).
        review: the workbook that ``baksos pairs`` wrote, with somebody's decisions about pairs whose ids are not the same.
        corrections: a table of single cells to be read otherwise than they stand in the files, each with its reason (``koreksi.csv``).
    """

    pairing: Literal["code", "anonymous"] = "code"
    dates: Literal["", "day_first", "month_first"] = ""
    blank: tuple[str, ...] = ("-", ".", "_")
    unreadable: Literal["stop", "blank"] = "stop"
    consent_given: tuple[str, ...] = ("ya", "setuju", "bersedia", "saya bersedia", "saya setuju", "yes", "agree", "i agree", "y", "v", "1", "true")
    duplicates: Literal["refuse", "first", "last", "first_pre_last_post"] = "refuse"
    review: str = ""
    corrections: str = ""


class Analysis(Model):
    """Choices of the analysis plan, made before the results.

    Attributes:
        confidence: level of every interval.
        zeros: what the signed-rank test does with unchanged people.
        seed: starts every resampling, so that the same input gives the same bytes.
        resamples: bootstrap samples.
        test: ``"spss-ritual"`` prints, beside the analysis, also the test that a normality test would have picked; the
            conclusions stay those of the interval.
        effectiveness: a preset that also reads individual N-gains in per cent (``"tafsiran_efektivitas"`` or its second
            version ``"tafsiran_efektivitas_b"``); empty: only Hake's bounds.
    """

    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    zeros: Literal["pratt", "wilcox"] = "pratt"
    seed: int = 20210812
    resamples: int = Field(default=2000, ge=200)
    test: Literal["interval", "spss-ritual"] = "interval"
    effectiveness: Literal["", "tafsiran_efektivitas", "tafsiran_efektivitas_b"] = ""


class Experts(Model):
    """One table in which experts rated how relevant items are: a row per expert and a column per item, or the other way round.

    Attributes:
        lowest: the lowest possible rating.
        highest: the highest possible rating.
        relevant_from: the lowest rating that means "relevant"; without it, the first one above the middle.
        items: maps item ids to headers (or labels) where ids, wordings and aliases do not match.
    """

    file: str
    sheet: str = ""
    header_row: int | None = Field(default=None, ge=1)
    lowest: int
    highest: int
    relevant_from: int | None = None
    items: Mapping[str, str] = {}

    @property
    def threshold(self) -> int:
        return self.relevant_from if self.relevant_from is not None else (self.lowest + self.highest) // 2 + 1

    @model_validator(mode="after")
    def _has_a_range(self) -> Experts:
        if self.lowest >= self.highest or not self.lowest < self.threshold <= self.highest:
            raise PydanticCustomError("study", "experts", {"code": "study_experts_range", "lowest": self.lowest, "highest": self.highest,
                                                           "threshold": self.threshold})
        return self


class Study(Model):
    """One study. ``folder`` is where its ``study.toml`` lies; file names are relative to it.

    ``waves`` are the measurements in their order: ``pre`` and ``post``, whose comparison is the main result, and perhaps
    later ones such as ``delayed``; ``wave_labels`` says how to call the later ones.
    """

    folder: Path
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)
    title: Words
    language: Literal["id", "en"] = "id"
    year: int = Field(ge=1990, le=2100)
    place: Place = Place()
    team: Team = Team()
    instruments: tuple[str, ...] = Field(default=(), validate_default=True)
    rts: tuple[str, ...] = ()
    rt_names: Mapping[str, str] = {}
    waves: tuple[Wave, ...] = WAVES
    wave_labels: Mapping[Wave, Words] = {}
    columns: Columns = Columns()
    answers: Answers = Answers()
    analysis: Analysis = Analysis()
    report: ReportSettings = ReportSettings()
    activities: ActivitySettings = ActivitySettings()
    comparison: Comparison | None = None
    doses: Mapping[str, Dose] = {}
    problems: tuple[Problem, ...] = ()
    logic: tuple[Step, ...] = ()
    sources: tuple[Source, ...] = Field(default=(), alias="files", validate_default=True)
    experts: tuple[Experts, ...] = ()

    @field_validator("experts", mode="before")
    @classmethod
    def _one_table_of_experts_is_enough(cls, value: object) -> object:
        return [value] if isinstance(value, Mapping) else value

    @field_validator("waves")
    @classmethod
    def _begins_with_pre_and_post(cls, waves: tuple[Wave, ...]) -> tuple[Wave, ...]:
        if waves[:2] != WAVES or len(set(waves)) < len(waves) or not all(_WAVE_NAME.fullmatch(wave) for wave in waves):
            raise PydanticCustomError("study", "waves", {"code": "study_waves_order", "found": waves})
        return waves

    @field_validator("instruments", "sources")
    @classmethod
    def _asks_people_or_keeps_logs(cls, value: tuple[object, ...], about: ValidationInfo) -> tuple[object, ...]:
        """Questionnaires go with files of answers; a study without either has logs of activities."""
        content = about.context if isinstance(about.context, Mapping) else {}
        here, there = ("instruments", "files") if about.field_name == "instruments" else ("files", "instruments")
        if not value and (content.get(there) or not content.get("activities")):
            raise PydanticCustomError("study", here, {"code": f"study_without_{here}"})
        return value

    @model_validator(mode="after")
    def _labels_its_waves(self) -> Study:
        faults: list[dict[str, object]] = [{"code": "study_wave_unknown", "found": wave, "known": self.later_waves}
                                           for wave in self.wave_labels if wave not in self.later_waves]
        faults += [{"code": "study_wave_without_label", "found": wave} for wave in self.later_waves if wave not in {*NAMED_WAVES, *self.wave_labels}]
        if faults:
            raise PydanticCustomError("study", "waves", {"faults": faults})
        return self

    @model_validator(mode="after")
    def _asks_of_anonymous_people_only_what_they_can_tell(self) -> Study:
        needing = {"waves": self.later_waves, "comparison": self.comparison, "columns.dose": self.asked_doses, "activities.attendance": self.activities.attendance, "answers.review": self.answers.review}
        faults = [{"code": "anonymous_without_pairs", "what": name} for name, asked in needing.items() if asked and self.is_anonymous]
        if faults:
            raise PydanticCustomError("study", "anonymous", {"faults": faults})
        return self

    @model_validator(mode="after")
    def _has_the_columns_of_its_groups(self) -> Study:
        columns = [source.columns.over(self.columns) for source in self.sources]
        by_person = self.comparison is not None and self.comparison.of_persons
        faults: list[dict[str, str]] = []
        if by_person != any(entry.arm for entry in columns):
            faults.append({"code": "comparison_without_column" if by_person else "arm_without_comparison"})
        asked = {name for entry in columns for name in entry.dose}
        listed = {entry.name for entry in self.activities.attendance}
        faults += [{"code": "dose_without_column", "name": name} for name in self.doses if name not in asked | listed]
        faults += [{"code": "attendance_name_asked", "name": name} for name in sorted(asked & listed)]
        if faults:
            raise PydanticCustomError("study", "comparison", {"faults": faults})
        return self

    @cached_property
    def questionnaires(self) -> tuple[Instrument, ...]:
        """The instruments themselves.

        Raises:
            BaksosError: as :func:`load_instrument`, or ``study_item_in_two_instruments``.
        """
        loaded = tuple(load_instrument(name, self.folder) for name in self.instruments)
        owners: dict[str, str] = {}
        for instrument in loaded:
            for item in (*instrument.items, *instrument.multiple):
                if owners.setdefault(item.id, instrument.id) != instrument.id:
                    raise BaksosError("study_item_in_two_instruments", item=item.id, first=owners[item.id], second=instrument.id)
        return loaded

    def instrument(self, instrument_id: str) -> Instrument:
        """The questionnaire with this id."""
        return next(instrument for instrument in self.questionnaires if instrument.id == instrument_id)

    @property
    def asks_people(self) -> bool:
        """Whether there are questionnaires, and not the logs of activities alone."""
        return bool(self.instruments)

    @property
    def keeps_logs(self) -> bool:
        """Whether there is anything to tell of what the programme did."""
        return bool(self.activities.declared) or self.activities.satisfaction is not None

    @cached_property
    def private_items(self) -> frozenset[str]:
        """Ids of the items whose wording reaches no report."""
        return frozenset(item.id for instrument in self.questionnaires for item in instrument.items if item.private)

    @property
    def later_waves(self) -> tuple[Wave, ...]:
        """The waves after the main comparison."""
        return self.waves[len(WAVES):]

    def wave_name(self, wave: Wave) -> Wave | Words:
        """What to call a wave: the study's own label, or the name that the catalogues have words for."""
        return self.wave_labels.get(wave, wave)

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody can be paired, so that before and after are two groups of people."""
        return self.answers.pairing == "anonymous"

    def rt_name(self, text: str) -> str:
        """The one name of an RT, through ``rt_names`` and :func:`normalise_rt`."""
        clean = " ".join(text.split())
        return normalise_rt(self.rt_names.get(clean, clean))

    @cached_property
    def comparison_rts(self) -> tuple[str, ...]:
        """The RTs without the programme, by their one name."""
        return tuple(dict.fromkeys(self.rt_name(rt) for rt in self.comparison.rts)) if self.comparison else ()

    @property
    def compares_persons(self) -> bool:
        """Whether a column of the answers says who took part in the programme."""
        return self.comparison is not None and self.comparison.of_persons

    def arm_of(self, rt: str) -> Arm | Literal[""]:
        """The group whom an RT's own evaluation is about; empty in a study without comparison."""
        if self.comparison is None:
            return ""
        return "comparison" if rt in self.comparison_rts else "programme"

    @property
    def asked_doses(self) -> tuple[str, ...]:
        """The activities whose dose a column of the answers tells, in the order of their first mention."""
        return tuple(dict.fromkeys(name for source in self.sources for name in source.columns.over(self.columns).dose))

    @property
    def dose_names(self) -> tuple[str, ...]:
        """The activities whose dose is known: those asked about, then those with an attendance list."""
        return (*self.asked_doses, *(entry.name for entry in self.activities.attendance))

    @property
    def expected_rts(self) -> tuple[str, ...]:
        """The RTs that the study says it covers, by their one name; empty when it does not say."""
        return tuple(dict.fromkeys(self.rt_name(rt) for rt in self.rts))


def open_study(path: str | Path, language: str = "") -> Study:
    """The study in the folder ``path`` (or in the file ``path`` itself), with its instruments loaded.

    Args:
        path: the study's folder, or its TOML file.
        language: ``"id"`` or ``"en"`` instead of the study's own; empty keeps the study's.

    Raises:
        BaksosError: ``study_not_found``, ``language_unknown``, or what reading the TOML files raises.
    """
    if language not in ("", "id", "en"):
        raise BaksosError("language_unknown", language=language)
    given = Path(path)
    file = given / "study.toml" if given.is_dir() else given
    if not file.is_file():
        raise BaksosError("study_not_found", path=given.as_posix())
    study = load(file, Study, folder=file.parent.resolve())
    faults = unknown_evidence(study.problems, study.questionnaires, study.activities.declared)
    if faults:
        raise BaksosError("toml_invalid", file=file.name, findings=[
            Finding(str(fault.pop("code")), Severity.FATAL, where=(Where(file=file.name, column="problems"),), details=fault) for fault in faults])
    return study.model_copy(update={"language": language}) if language else study


def from_here_upwards(folder: str) -> Path:
    """The folder that a notebook names, as given or below the nearest parent that has it: ``data/contoh`` works from ``notebooks/en`` too."""
    return next((base / folder for base in (Path(), *Path.cwd().parents) if (base / folder).exists()), Path(folder))
