"""What a form asks beside its items: consent, the respondent's own code, the RT, and what describes a person."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

from baksos_eval.intake.characteristics import EDUCATION, SEXES
from baksos_eval.intake.text import loosen
from baksos_eval.report.text import Catalogue
from baksos_eval.study.instrument import Instrument
from baksos_eval.study.rt import normalise_rt
from baksos_eval.study.study import WAVES, Columns, Study, Wave

CODE_PATTERN = "^[A-Za-z]{2}(0[1-9]|[12][0-9]|3[01])[0-9]{2}$"
"""A respondent's own code: two letters of a name, the day of birth, two digits of a phone number."""

_SCHOOLING = tuple(key for key in EDUCATION if key != "higher")
_ABOUT = {"sex": {"jenis kelamin", "sex", "gender", "l p", "jk", "kelamin"}, "age": {"usia", "umur", "age"},
          "education": {"pendidikan", "education", "schooling"}}
_SECONDS_AN_ITEM = 12
_MINUTES_BEFORE = 3

Kind = Literal["consent", "code", "text", "rt", "wave", "choice", "number"]


class Choice(NamedTuple):
    """One answer to choose: its name for machines and its words."""

    name: str
    label: str


class Question(NamedTuple):
    """One question of a form. ``name`` is the same in every language, ``header`` is the column under which a study reads it,
    ``label`` how it is asked."""

    name: str
    kind: Kind
    header: str
    label: str
    choices: tuple[Choice, ...] = ()


def questions(study: Study | None, rts: Sequence[str], catalogue: Catalogue) -> tuple[Question, ...]:
    """What is asked beside the items, in the order of the form: where and when come before consent, so that refusals can be counted.

    Args:
        study: whose columns, waves, profile and doses are asked; without one, consent, code and RT.
        rts: the RTs to choose from; without any, those that the study expects, and without them the RT is typed.
        catalogue: the language of the words.
    """
    text = catalogue.text
    columns = study.columns if study else Columns()

    def own(name: str, kind: Kind, header: str, choices: Sequence[Choice] = ()) -> Question:
        label = text(f"template.column.{'id' if kind == 'code' else kind}")
        return Question(name, kind, header or label, header if header and study and study.language == catalogue.language else label, tuple(choices))

    places = tuple(dict.fromkeys(map(normalise_rt, rts))) or (study.expected_rts if study else ())
    asked = [own("rt", "rt", columns.rt, [Choice(name_of(place), place) for place in places]),
             own("tes", "wave", columns.wave, [Choice(wave, wave_word(study, wave, catalogue)) for wave in (study.waves if study else WAVES)]),
             own("persetujuan", "consent", columns.consent, [Choice(name, text(f"template.consent.{key}")) for name, key in (("ya", "yes"), ("tidak", "no"))])]
    if not (study and study.is_anonymous):
        if len(columns.id_columns) > 1:
            asked += [Question(f"kode_{number}", "text", header, header) for number, header in enumerate(columns.id_columns, start=1)]
        else:
            asked.append(own("kode", "code", "".join(columns.id_columns)))
    if study:
        asked += [_about_person(name, header, study, catalogue) for name, header in columns.profile.items()]
        asked += [Question(name_of(name), "number", header, _activity(study, name, header, catalogue)) for name, header in columns.dose.items()]
    return tuple(asked)


def wave_word(study: Study | None, wave: Wave, catalogue: Catalogue) -> str:
    """The wave as one word for a cell: ``Sebelum``, ``Sesudah``, or what the study calls a later one."""
    if wave in WAVES:
        return catalogue.text(f"template.wave.{wave}")
    from baksos_eval.report.moments import wave_heading

    assert study is not None
    return wave_heading(study, wave, catalogue)


def minutes(instruments: Sequence[Instrument]) -> int:
    """About how long filling in takes, in steps of five minutes."""
    seconds = _SECONDS_AN_ITEM * sum(len(instrument.items) for instrument in instruments)
    return 5 * math.ceil((_MINUTES_BEFORE + seconds / 60) / 5)


def name_of(words: str) -> str:
    """The words as a name for machines: ``rt_04``."""
    name = "_".join(loosen(words).split())
    return name if name[:1].isalpha() else f"x_{name}"


def consent_points(study: Study | None, catalogue: Catalogue) -> tuple[str, ...]:
    """What somebody must know before agreeing, a sentence each."""
    together = "together_anonymous" if study is not None and study.is_anonymous else "together"
    return tuple(catalogue.text(f"form.point.{name}") for name in ("voluntary", "free", "nameless", together, "children"))


def about_the_form(instruments: Sequence[Instrument], study: Study | None, catalogue: Catalogue) -> str:
    """Who asks, whom and for how long."""
    text = catalogue.text
    team, place = (study.team, study.place) if study else (None, None)
    who = ", ".join(filter(None, [team.unit, team.institution])) if team else ""
    where = ", ".join(filter(None, [place.kelurahan, place.kecamatan, place.city])) if place else ""
    parts = [text("form.from", who=who) if who else text("form.from_somebody"), text("form.where", where=where) if where else "",
             text("form.minutes", minutes=minutes(instruments))]
    return " ".join(filter(None, parts))


def asks_dose(question: Question, study: Study | None) -> bool:
    """Whether the question is about an activity, so that it can be asked only after the programme."""
    return study is not None and question.header in study.columns.dose.values()


def _about_person(name: str, header: str, study: Study, catalogue: Catalogue) -> Question:
    """A question about the person; sex and schooling are chosen from the words that are read alike everywhere."""
    known = {loosen(name), loosen(header)}
    known |= {word.split()[0] for word in known if word}
    about = next((kind for kind, words in _ABOUT.items() if known & words), "")
    label = catalogue.text(f"profile.kind.{about}") if about and study.language != catalogue.language else header
    choices = {"sex": [Choice(key, catalogue.text(f"form.sex.{key}")) for key in SEXES],
               "education": [Choice(key, catalogue.text(f"profile.group.{key}")) for key in _SCHOOLING]}.get(about, [])
    return Question(name_of(name), "choice" if choices else "number" if about == "age" else "text", header, label, tuple(choices))


def _activity(study: Study, name: str, header: str, catalogue: Catalogue) -> str:
    dose = study.doses.get(name)
    return dose.label[catalogue.language] if dose and dose.label and study.language != catalogue.language else header
