"""Runs the toolkit on published answers of real people and compares every number with values computed elsewhere.

The data sets stay outside the project (they have licences of their own). Name the folder that holds them, as an
argument or in the environment variable BAKSOS_REAL_DATA:

    python tools/real_data.py FOLDER            # read, pair, score, evaluate, compare
    python tools/real_data.py FOLDER --run      # and then make every report, as `baksos run` does

For each set a ``study.toml`` and its instruments are written into a trial folder (``--trial``, otherwise a temporary
one that is removed), and the toolkit does its ordinary work there. A number that differs by more than 1e-9 (relative),
or a group of people that differs from the expected one without a reason in the printed flow, makes the exit code 1.

In attitudes_expulsion the groups are treated as two RTs, as one, and as programme and comparison; its three waves, and its
first two as if nobody could be paired, are compared with scipy on the published totals. What a study cannot say, and so is
not compared: everything but reliability in resilience_rsa, which was asked once.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

VARIABLE = "BAKSOS_REAL_DATA"
TOLERANCE = 1e-9
PUBLISHED_TOLERANCE = 1e-4 + 1e-9   # two coefficients, each rounded to four decimals
LAST_DIGIT = 5e-4               # a figure published to three decimals
MIXED_TOLERANCE = 1e-6          # two optimisers, each stopped at about this much
EXIT_DIFFERENT, EXIT_ABSENT = 1, 2
ALL = "Semua"


@dataclass(frozen=True)
class Questionnaire:
    """An instrument to be written as TOML: answers as (code, score, spellings), items as (id, reversed)."""

    id: str
    options: tuple[tuple[str, float, tuple[str, ...]], ...]
    items: tuple[tuple[str, bool], ...]
    method: str
    least_answered: float
    direction: str = "up"

    def to_toml(self) -> str:
        lines = [f'id = "{self.id}"', 'version = "1"', 'kind = "rating"', f"label = {words(self.id)}", "[scoring]",
                 f'method = "{self.method}"', f"least_answered = {self.least_answered}", f'direction = "{self.direction}"']
        for code, value, spellings in self.options:
            lines += ["[[options]]", f'code = "{code}"', f"value = {value}", f"label = {words(spellings[0])}", f"spellings = {json.dumps(spellings)}"]
        for name, is_reversed in self.items:
            lines += ["[[items]]", f'id = "{name}"', f"reversed = {json.dumps(is_reversed)}", f"text = {words(f'{self.id} {name}')}"]
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Trial:
    """One study on one real set, and where its expected values stand.

    Attributes:
        id: the study's id and its folder's name in the trial folder.
        data: the answers, relative to the folder of the real sets.
        settings: TOML of the study below its instruments (``rt_names``, ``columns``, ``answers``, ``files``).
        expected: instrument -> the expected set's name.
        group: how a group is called in the expected values, with ``{rt}``.
        alpha: (instrument, wave) -> the row of the expected alphas.
        items: item -> the expected set's name of that single item.
        published: RT -> the mean after, of those who answered before and after, of the item in ``published_item``.
        compared: instrument -> the published difference in change between the groups, in pooled standard deviations of change.
        mixed: figures of a mixed model over the RTs, computed by lme4.
        totals: instrument -> the columns of its published totals, a wave each, for scipy: of all waves, or of anonymous people.
        numbered: whether the answers have no id, so that the trial's copy gets a running number.
    """

    id: str
    data: str
    questionnaires: tuple[Questionnaire, ...]
    settings: str
    expected: Mapping[str, str]
    group: str
    alpha: Mapping[tuple[str, str], str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    published_item: str = ""
    published: Mapping[str, float] = field(default_factory=dict)
    compared: Mapping[str, float] = field(default_factory=dict)
    mixed: Mapping[str, float] = field(default_factory=dict)
    totals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbered: bool = False

    def write(self, sets: Path, trials: Path) -> Path:
        """The folder of this study, ready for the toolkit."""
        folder = trials / self.id
        folder.mkdir(parents=True, exist_ok=True)
        answers = sets / self.data
        if self.numbered:
            header, *rows = answers.read_text(encoding="utf-8").splitlines()
            lines = [f"number,{header}", *(f"{number},{row}" for number, row in enumerate(rows, start=1))]
            (folder / answers.name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        else:
            shutil.copyfile(answers, folder / answers.name)
        for questionnaire in self.questionnaires:
            (folder / f"{questionnaire.id}.toml").write_text(questionnaire.to_toml(), encoding="utf-8")
        names = json.dumps([f"{questionnaire.id}.toml" for questionnaire in self.questionnaires])
        (folder / "study.toml").write_text(
            f'id = "{self.id}"\ntitle = {words(self.id)}\nlanguage = "en"\nyear = 2021\ninstruments = {names}\n'
            + self.settings.replace("FILE", json.dumps(answers.name)), encoding="utf-8")
        return folder


def words(text: str) -> str:
    """The text in both languages, as TOML."""
    return f"{{ id = {json.dumps(text)}, en = {json.dumps(text)} }}"


def likert(low: int, high: int) -> tuple[tuple[str, float, tuple[str, ...]], ...]:
    """Answers that are whole numbers."""
    return tuple((f"n{value}".replace("-", "_"), float(value), (str(value),)) for value in range(low, high + 1))


# the sets

ANXIETY_CALM = ("calm", "secure", "at_ease", "rested", "comfortable", "confident", "relaxed", "content", "joyful", "pleasant")
ANXIETY_TENSE = ("tense", "regretful", "upset", "worrying", "anxious", "nervous", "jittery", "high_strung", "worried", "rattled")
ANXIETY = Questionnaire("anxiety", likert(1, 4), tuple((name, True) for name in ANXIETY_CALM) + tuple((name, False) for name in ANXIETY_TENSE),
                        method="sum", least_answered=1.0, direction="down")
ANXIETY_FILE = '[[files]]\nfile = FILE\nwaves = {{ pre = ["1"], post = ["2"] }}\n{more}[files.columns]\nid = {id}\nwave = "time"\n'

# lme4: lmer(difference ~ 1 + (1 | study)) on the 1136 pairs
ANXIETY_MIXED = {"estimate": 1.967053, "standard_error": 0.341503, "between_variance": 0.739622, "residual_variance": 63.444898}

SKILLS = Questionnaire(
    "skills", tuple((word.lower(), float(value), (word,)) for value, word in enumerate(("None", "Little", "Some", "Much", "Extensive"), start=1)),
    tuple((f"skill{number}", False) for number in range(1, 26)), method="mean", least_answered=0.8)
SKILLS_SETTINGS = '''[rt_names]
"Prof. Dumbledore" = "Dumbledore"
"Prof. Hagrid" = "Hagrid"
"Prof. Lupin" = "Lupin"
"Prof. Sinistra" = "Sinistra"
[answers]
blank = ["N.A./Prefer not to answer"]
consent_given = ["Agree"]
[[files]]
file = FILE
wide = {{ pre = "Q10_{{number}}_pre", post = "Q9_{{number}}_post" }}
{rt}[files.columns]
id = "ResponseId_pre"
{columns}'''

# Coefficients of the publishers' own model glm(Q9_3_post ~ Instructor) on 222 people, to four decimals: who refused is left out.
SKILL3_PUBLISHED = {"Dumbledore": 4.2429, "Hagrid": 4.2429 - 0.6714, "Lupin": 4.2429 - 0.5762, "McGonagall": 4.2429 - 0.1179, "Sinistra": 4.2429 - 0.1445}

PANAS_POSITIVE = (1, 3, 5, 9, 10, 12, 14, 16, 17, 19)
PANAS_NEGATIVE = tuple(number for number in range(1, 21) if number not in PANAS_POSITIVE)


def numbered(name: str, numbers: Iterable[int]) -> tuple[tuple[str, bool], ...]:
    return tuple((f"{name}_{number:02d}", False) for number in numbers)


ATTITUDES = (
    Questionnaire("macro", likert(-3, 3), numbered("macro", range(1, 8)), method="sum", least_answered=0.8),
    Questionnaire("micro", likert(1, 7), numbered("micro", range(1, 11)), method="sum", least_answered=0.8),
    Questionnaire("panas_p", likert(1, 5), numbered("panas", PANAS_POSITIVE), method="sum", least_answered=0.8),
    Questionnaire("panas_n", likert(1, 5), numbered("panas", PANAS_NEGATIVE), method="sum", least_answered=0.8, direction="down"),
)
ATTITUDES_SETTINGS = '''[answers]
blank = ["NA"]
[[files]]
file = FILE
wide = {{ pre = "Pre{{item}}", post = "Post{{item}}" }}
{rt}[files.columns]
id = "ID"
{columns}'''
ATTITUDES_EXPECTED = {"macro": "attitudes_expulsion/Macro_pre_post", "micro": "attitudes_expulsion/Micro_pre_post",
                      "panas_p": "attitudes_expulsion/PANASp_pre_post", "panas_n": "attitudes_expulsion/PANASn_pre_post"}

ATTITUDES_TOTALS = {name: tuple(f"{wave}{name.capitalize()}" for wave in ("Pre", "Post", "Del")) for name in ("macro", "micro")}

# Kolek et al. 2021, J. Comput. Assist. Learn. 37(5), on the 145 people whose answers are published
ATTITUDES_COMPARED = {"macro": -0.345, "micro": -0.544}

RESILIENCE = Questionnaire("rsa", likert(1, 7), tuple((f"f{number}", False) for number in range(1, 34)), method="mean", least_answered=1.0)
RESILIENCE_SETTINGS = f'''[[files]]
file = FILE
wave = "pre"
rt = "{ALL}"
[files.columns]
id = "number"
'''

TRIALS = (
    Trial("state-anxiety", "state_anxiety/sai_long.csv", (ANXIETY,),
          ANXIETY_FILE.format(more="", id='"id"') + 'rt = "study"\n',
          {"anxiety": "state_anxiety/total20"}, "study={rt}", mixed=ANXIETY_MIXED),
    Trial("state-anxiety-all", "state_anxiety/sai_long.csv", (ANXIETY,),
          ANXIETY_FILE.format(more=f'rt = "{ALL}"\n', id='["study", "id"]'),
          {"anxiety": "state_anxiety/total20"}, "(all)", {("anxiety", "pre"): "sai_t1", ("anxiety", "post"): "sai_t2"}),
    Trial("course-skills", "course_skills/bucknell_cure_wide.csv", (SKILLS,),
          SKILLS_SETTINGS.format(rt="", columns='rt = "Instructor"\n'),
          {"skills": "course_skills/skills25_mean"}, "instructor={rt}"),
    Trial("course-skills-consent", "course_skills/bucknell_cure_wide.csv", (SKILLS,),
          SKILLS_SETTINGS.format(rt="", columns='rt = "Instructor"\nconsent = "Q1_pre"\n'),
          {"skills": "course_skills/skills25_mean"}, "instructor={rt}", published_item="skill3", published=SKILL3_PUBLISHED),
    Trial("course-skills-all", "course_skills/bucknell_cure_wide.csv", (SKILLS,),
          SKILLS_SETTINGS.format(rt=f'rt = "{ALL}"\n', columns=""),
          {"skills": "course_skills/skills25_mean"}, "(all)", {("skills", "pre"): "bucknell_skills_pre", ("skills", "post"): "bucknell_skills_post"},
          {"skill3": "course_skills/skill3", "skill11": "course_skills/skill11"}),
    Trial("course-skills-all-consent", "course_skills/bucknell_cure_wide.csv", (SKILLS,),
          SKILLS_SETTINGS.format(rt=f'rt = "{ALL}"\n', columns='consent = "Q1_pre"\n'),
          {"skills": "course_skills/skills25_mean"}, "(all)", items={"skill3": "course_skills/skill3", "skill11": "course_skills/skill11"}),
    Trial("attitudes", "attitudes_expulsion/attitudes_wide.csv", ATTITUDES,
          ATTITUDES_SETTINGS.format(rt="", columns='rt = "Group"\n'), ATTITUDES_EXPECTED, "grp={rt}"),
    Trial("attitudes-all", "attitudes_expulsion/attitudes_wide.csv", ATTITUDES,
          ATTITUDES_SETTINGS.format(rt=f'rt = "{ALL}"\n', columns=""), ATTITUDES_EXPECTED, "(all)",
          {("macro", "pre"): "attitude_Macro_Pre", ("macro", "post"): "attitude_Macro_Post",
           ("micro", "pre"): "attitude_Micro_Pre", ("micro", "post"): "attitude_Micro_Post"}),
    Trial("attitudes-compared", "attitudes_expulsion/attitudes_wide.csv", ATTITUDES,
          '[comparison]\nprogramme = ["E"]\ncomparison = ["C"]\n' + ATTITUDES_SETTINGS.format(rt=f'rt = "{ALL}"\n', columns='arm = "Group"\n'),
          ATTITUDES_EXPECTED, "grp=E", compared=ATTITUDES_COMPARED),
    Trial("attitudes-delayed", "attitudes_expulsion/attitudes_wide.csv", ATTITUDES[:2],
          'waves = ["pre", "post", "delayed"]\n' + ATTITUDES_SETTINGS.format(rt=f'rt = "{ALL}"\n', columns="").replace('}\nrt', ', delayed = "Del{item}" }\nrt', 1),
          ATTITUDES_EXPECTED, "(all)", totals=ATTITUDES_TOTALS),
    Trial("attitudes-anonymous", "attitudes_expulsion/attitudes_wide.csv", ATTITUDES[:2],
          ATTITUDES_SETTINGS.format(rt=f'rt = "{ALL}"\n', columns="").replace("[answers]", '[answers]\npairing = "anonymous"').replace('id = "ID"\n', ""),
          {}, "(all)", totals=ATTITUDES_TOTALS),
    Trial("resilience", "resilience_rsa/rsa.csv", (RESILIENCE,), RESILIENCE_SETTINGS, {}, "(all)", {("rsa", "pre"): "rsa33"}, numbered=True),
)


# comparing

@dataclass(frozen=True)
class Comparison:
    """One line of the result: ours against the expected, and what it means."""

    trial: str
    rt: str
    what: str
    n: int
    n_expected: int
    compared: int
    largest: float
    worst: str
    reason: str = ""
    note: str = ""

    @property
    def agrees(self) -> bool:
        return bool(self.reason) if self.n != self.n_expected else self.largest <= TOLERANCE

    def __str__(self) -> str:
        if self.n != self.n_expected:
            verdict = f"other people: {self.reason}" if self.reason else "DIFFERENT PEOPLE, WITHOUT A REASON"
        else:
            verdict = f"{self.compared} numbers, largest difference {self.largest:.1e} ({self.worst})" + ("" if self.agrees else "  DIFFERENT")
            verdict += f"; {self.note}" if self.note else ""
        return f"  {self.rt:<12}{self.what:<22} n {self.n:>4} (expected {self.n_expected:>4})  {verdict}"


def read_expected(path: Path, *keys: str) -> dict[tuple[str, ...], dict[str, float]]:
    """The rows of a table of expected values by their keys; cells that are not numbers are left out."""
    with path.open(encoding="utf-8", newline="") as file:
        return {tuple(row[key] for key in keys): {name: float(cell) for name, cell in row.items() if name not in keys and cell}
                for row in csv.DictReader(file)}


def difference(ours: float, expected: float) -> float:
    """The relative difference, absolute below one; infinite when one of them is missing."""
    if math.isnan(ours) or math.isnan(expected):
        return 0.0 if math.isnan(ours) and math.isnan(expected) else math.inf
    return abs(ours - expected) / max(1.0, abs(expected))


def compare(trial: str, rt: str, what: str, ours: Mapping[str, float], expected: Mapping[str, float], n_expected: float, reason: str = "") -> Comparison:
    """The largest difference between numbers of the same name. A p value is compared by its logarithm, so that tiny ones count."""
    differences = {name: difference(*(math.log(max(value, 1e-300)) if name.startswith("p_") else value for value in (number, expected[name])))
                   for name, number in ours.items() if name in expected and name != "n"}
    worst = max(differences, key=differences.__getitem__, default="")
    return Comparison(trial, rt, what, int(ours["n"]), int(n_expected), len(differences), differences.get(worst, math.inf), worst, reason)


def moment_numbers(result: Any) -> dict[str, float]:
    """A scale's means, test and effect size under the names of the expected values."""
    change = result.mean_change
    return {"n": change.n, "mean_pre": change.mean_pre, "sd_pre": change.sd_pre, "mean_post": change.mean_post, "sd_post": change.sd_post,
            "diff": change.change, "sd_diff": change.sd_change, "ci_lo": change.change_low, "ci_hi": change.change_high,
            "t": change.statistic, "df": change.df, "p_t": change.p, "dz": result.d_z.d, "r": result.correlation.r}


def rank_numbers(result: Any) -> dict[str, float]:
    """A scale's signed ranks as SPSS has them, under the names of the expected values."""
    spss = result.spss_signed_rank
    return {"n": spss.n, "V": spss.sum_positive, "W": min(spss.sum_positive, spss.sum_negative), "n_nonzero": spss.n - spss.n_ties, "p_wil_nocorr": spss.p}


def scipy_ranks(result: Any, decimals: int | None) -> dict[str, float]:
    """The same from scipy, on the differences as they are in binary or rounded so that equal differences are equal."""
    import numpy
    from scipy.stats import wilcoxon

    differences = numpy.subtract(result.post, result.pre)
    if decimals is not None:
        differences = differences.round(decimals)
    test = wilcoxon(differences, zero_method="wilcox", correction=False, method="asymptotic")
    return {"n": len(differences), "W": float(test.statistic), "p_wil_nocorr": float(test.pvalue)}


def compare_ranks(trial: str, rt: str, name: str, result: Any, expected: Mapping[str, float], reason: str) -> Comparison:
    """The ranks against the expected ones.

    Means of 25 items are binary fractions in which equal differences are not quite equal; the expected values were
    ranked like that. Ours are right if scipy gives them once the differences are rounded, and the expected ones as
    soon as they are not.
    """
    ours = rank_numbers(result)
    plain = compare(trial, rt, f"{name} ranks", ours, expected, expected["n"], reason)
    if plain.agrees or plain.n != plain.n_expected:
        return plain
    repaired = compare(trial, rt, f"{name} ranks", ours, scipy_ranks(result, 10), expected["n"])
    broken = compare(trial, rt, f"{name} ranks", scipy_ranks(result, None), expected, expected["n"])
    if not (repaired.agrees and broken.agrees):
        return plain
    return replace(repaired, note=f"scipy on rounded differences; the expected V {expected['V']:g} takes equal differences for unequal, ours is {ours['V']:g}")


def flow_in_words(flow: Any) -> str:
    """Where the questionnaires went, in one line."""
    return ", ".join(f"{name} {value}" for name, value in flow._asdict().items() if name != "rt" and value)


def reason_in_flow(flow: Any, n: int, n_expected: int) -> str:
    """What in the flow accounts for people who are expected but not there; empty if nothing does."""
    lost = {"refused consent": max(flow.refused_pre, flow.refused_post), "without id": max(flow.no_id_pre, flow.no_id_post),
            "with a repeated id": max(flow.duplicate_pre, flow.duplicate_post)}
    told = ", ".join(f"{count} {why}" for why, count in lost.items() if count)
    return told if told and n < n_expected <= n + sum(lost.values()) else ""


def compare_alpha(trial: Trial, rt: str, data: Any, name: str, wave: str, expected: Mapping[str, float]) -> Comparison:
    """Alpha of everybody who answered every item in this wave, as the expected values have it.

    The report's own alpha is of the pairs with a score on both sides, so that it belongs to the people of its table.
    """
    from baksos_eval.stats.reliability import cronbach_alpha

    alpha = cronbach_alpha(data.items[wave][name].dropna().to_numpy(float))
    only = getattr(data.flow, f"{wave}_only")
    reason = f"{only} came {wave} only, whom the expected values leave out" if only and alpha.n == expected["n_complete"] + only else ""
    return compare(trial.id, rt, f"{name} alpha {wave}", {"n": alpha.n, "k": alpha.k, "alpha_listwise": alpha.alpha}, expected, expected["n_complete"], reason)


def evaluate_trial(trial: Trial, folder: Path, pairs: Mapping[tuple[str, ...], Mapping[str, float]],
                   alphas: Mapping[tuple[str, ...], Mapping[str, float]]) -> Iterator[Comparison]:
    """Every comparison of one trial; the flow and the findings of each RT are printed on the way."""
    from baksos_eval.evaluation.evaluate import evaluate
    from baksos_eval.intake.intake import list_rts, prepare
    from baksos_eval.study.study import open_study

    study = open_study(folder)
    for rt in list_rts(study):
        evaluation = evaluate(study, rt)
        flow = evaluation.flow
        print(f"  {rt}: {flow_in_words(flow)}")
        for finding in evaluation.findings:
            if finding.severity != "note":
                print(f"    {finding.code} x {finding.count}")
        group = trial.group.format(rt=rt)
        for result in evaluation.scales:
            name = result.scale.instrument
            if name not in trial.expected:
                continue
            expected = pairs[trial.expected[name], group]
            reason = reason_in_flow(flow, result.n, int(expected["n"]))
            yield compare(trial.id, rt, name, moment_numbers(result), expected, expected["n"], reason)
            yield compare_ranks(trial.id, rt, name, result, expected, reason)
        for (name, wave), row in trial.alpha.items():
            yield compare_alpha(trial, rt, prepare(study, rt), name, wave, alphas[(row,)])
        for item in evaluation.items:
            if item.item.id in trial.items:
                expected = pairs[trial.items[item.item.id], group]
                ours = {"n": item.n, "mean_pre": item.mean_pre, "mean_post": item.mean_post}
                yield compare(trial.id, rt, item.item.id, ours, expected, expected["n"], reason_in_flow(flow, item.n, int(expected["n"])))
            if item.item.id == trial.published_item:
                off = abs(item.mean_post - trial.published[rt])
                yield Comparison(trial.id, rt, f"{item.item.id} as published", item.n, item.n, 1, 0.0 if off <= PUBLISHED_TOLERANCE else off, "mean_post")
        for result in evaluation.waves:
            yield from compare_waves(trial, rt, result, read_totals(folder, trial, result.scale.instrument))
        for result in evaluation.groups:
            yield compare_apart(trial, rt, result, read_totals(folder, trial, result.scale.instrument)[:2])


def read_totals(folder: Path, trial: Trial, instrument: str) -> list[list[float]]:
    """The published totals of an instrument, a list for each wave in the order of the rows, missing ones as nan."""
    with (folder / Path(trial.data).name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [[float(row[column]) if row[column] not in ("", "NA") else math.nan for row in rows] for column in trial.totals[instrument]]


def compare_waves(trial: Trial, rt: str, result: Any, totals: Sequence[Sequence[float]]) -> Iterator[Comparison]:
    """Every two waves and Friedman's test against scipy on the published totals of those who have all of them."""
    import numpy
    from scipy import stats

    table = numpy.array(totals).T
    table = table[~numpy.isnan(table).any(axis=1)]
    for pair in result.changes:
        earlier, later = table[:, pair.first], table[:, pair.second]
        test = stats.ttest_rel(later, earlier)
        interval = test.confidence_interval()
        expected = {"change": float((later - earlier).mean()), "low": interval.low, "high": interval.high, "t": test.statistic, "p_t": test.pvalue}
        ours = {"n": pair.result.n, "change": pair.result.change, "low": pair.result.change_low, "high": pair.result.change_high, "t": pair.result.statistic, "p_t": pair.result.p}
        yield compare(trial.id, rt, f"{result.scale.instrument} {result.waves[pair.first]}-{result.waves[pair.second]}", ours, expected, len(table))
    test = stats.friedmanchisquare(*table.round(9).T)
    ours = {"n": result.friedman.n, "chi2": result.friedman.statistic, "p_friedman": result.friedman.p, "w": result.friedman.kendall_w}
    expected = {"chi2": test.statistic, "p_friedman": test.pvalue, "w": test.statistic / (len(table) * (table.shape[1] - 1))}
    yield compare(trial.id, rt, f"{result.scale.instrument} friedman", ours, expected, len(table))


def compare_apart(trial: Trial, rt: str, result: Any, totals: Sequence[Sequence[float]]) -> Comparison:
    """Welch, Mann-Whitney and Brunner-Munzel of people who cannot be paired against scipy on the published totals."""
    import numpy
    from scipy import stats

    pre, post = (numpy.array(wave)[~numpy.isnan(wave)].round(9) for wave in totals)
    welch, u, munzel = stats.ttest_ind(post, pre, equal_var=False), stats.mannwhitneyu(post, pre, use_continuity=False, method="asymptotic"), stats.brunnermunzel(pre, post)
    interval = welch.confidence_interval()
    expected = {"change": float(post.mean() - pre.mean()), "low": interval.low, "high": interval.high, "t": welch.statistic, "df": welch.df, "p_t": welch.pvalue, "u": u.statistic,
                "p_u": u.pvalue, "munzel": abs(munzel.statistic), "p_munzel": munzel.pvalue}
    w, ranks, chance = result.welch, result.rank_sum, result.superiority
    ours = {"n": w.n_pre + w.n_post, "change": w.change, "low": w.change_low, "high": w.change_high, "t": w.statistic, "df": w.df, "p_t": w.p, "u": ranks.u, "p_u": ranks.p_asymptotic,
            "munzel": abs(chance.statistic), "p_munzel": chance.p}
    return compare(trial.id, rt, f"{result.scale.instrument} apart", ours, expected, len(pre) + len(post))


def compare_groups(trial: Trial, folder: Path, pairs: Mapping[tuple[str, ...], Mapping[str, float]]) -> Iterator[Comparison]:
    """The programme against its comparison and the mixed model, where the trial has values for them."""
    from baksos_eval.evaluation.programme import evaluate_programme
    from baksos_eval.study.study import open_study

    if not (trial.compared or trial.mixed):
        return
    for result in evaluate_programme(open_study(folder)).scales:
        name = result.scale.instrument
        if result.comparison:
            one, two = (pairs[trial.expected[name], f"grp={group}"] for group in "EC")
            yield compare(trial.id, ALL, f"{name} groups", group_numbers(result.comparison), expected_of_groups(one, two), one["n"] + two["n"])
        if name in trial.compared:
            yield rounded(trial.id, f"{name} d as published", {"d": group_numbers(result.comparison)["d"]}, {"d": trial.compared[name]}, LAST_DIGIT,
                          result.comparison.difference.n_programme + result.comparison.difference.n_comparison)
        if trial.mixed:
            yield rounded(trial.id, f"{name} mixed model", result.mixed._asdict(), trial.mixed, MIXED_TOLERANCE, result.mixed.n)


def group_numbers(compared: Any) -> dict[str, float]:
    """The difference in changes, and the same in pooled standard deviations of change."""
    w = compared.difference
    n = w.n_programme + w.n_comparison
    pooled = math.sqrt(((w.n_programme - 1) * w.sd_programme**2 + (w.n_comparison - 1) * w.sd_comparison**2) / (n - 2))
    return {"n": n, "difference": w.difference, "t": w.statistic, "df": w.df, "p_t": w.p, "d": w.difference / pooled}


def expected_of_groups(one: Mapping[str, float], two: Mapping[str, float]) -> dict[str, float]:
    """The same by scipy, from the expected mean changes of each group alone."""
    from scipy.stats import ttest_ind_from_stats

    change = [(group["diff"], group["sd_diff"], group["n"]) for group in (one, two)]
    test = ttest_ind_from_stats(*change[0], *change[1], equal_var=False)
    return {"difference": change[0][0] - change[1][0], "t": float(test.statistic), "p_t": float(test.pvalue)}


def rounded(trial: str, what: str, ours: Mapping[str, float], published: Mapping[str, float], tolerance: float, n: int) -> Comparison:
    """Numbers that were published with few digits: right up to their last one."""
    off = {name: abs(ours[name] - value) for name, value in published.items()}
    worst = max(off, key=off.__getitem__)
    return Comparison(trial, ALL, what, n, n, len(off), 0.0 if off[worst] <= tolerance else off[worst], worst)


PUBLISHED_FILES = {"state_anxiety/sai_long.csv": "944bb5d49e369902463c53f979fd7e82dc8641f03c37a91a89f32ee10eb71521",
                   "course_skills/bucknell_cure_wide.csv": "1c046b1f169c4276f3d66e382685be6165d45fe1ca89279033b41d948a97ea59",
                   "attitudes_expulsion/attitudes_wide.csv": "b01c6f848f176c5ddb01ffe69c1835983cf133070d19580a14b516067236c6ad"}
"""SHA-256 of the files whose dirt is known."""


def look_for_dirt(sets: Path, trials: Path, only: str) -> Iterator[tuple[str, bool]]:
    """What is known to be wrong with the sets, each with whether the toolkit says so by itself."""
    from baksos_eval.intake.intake import inspect, prepare
    from baksos_eval.study.study import open_study

    def findings(trial_id: str, **changed: str) -> Any:
        trial = next(trial for trial in TRIALS if trial.id == trial_id)
        return inspect(open_study(replace(trial, id=f"{trial_id}-dirt", **changed).write(sets, trials)))

    def is_published(name: str) -> bool:
        chosen = any(trial.data == name and trial.id.startswith(only) for trial in TRIALS)
        return chosen and hashlib.sha256((sets / name).read_bytes()).hexdigest() == PUBLISHED_FILES[name]

    def count(inspection: Any, code: str, rt: str = "", **details: Any) -> int:
        return sum(finding.count for finding in inspection.findings if finding.code == code and rt in ("", finding.rt) and details.items() <= finding.details.items())

    if is_published("state_anxiety/sai_long.csv"):
        yield "HOME: one id three times (23 and 123)", count(findings("state-anxiety"), "duplicate_id_refuse", "HOME", ids=1, left_out=3) > 0
    if is_published("course_skills/bucknell_cure_wide.csv"):
        settings = next(trial for trial in TRIALS if trial.id == "course-skills").settings
        named = json.dumps([*SKILL3_PUBLISHED])
        spelled = findings("course-skills", settings=f"rts = {named}\n[answers]{settings.partition('[answers]')[2]}")
        yield "sections in two spellings (Prof. ...)", sum(finding.code == "rt_not_declared" and finding.rt.startswith("Prof.") for finding in spelled.findings) == 4
        yield "one person who refused consent", count(findings("course-skills-consent"), "consent_refused") == 1
        folder = next(trial for trial in TRIALS if trial.id == "course-skills-all").write(sets, trials)
        codes = prepare(open_study(folder), ALL).codes
        yield "668 answers that are the word None", sum(int((table == "none").sum().sum()) for wave in codes.values() for table in wave.values()) == 668
    if is_published("attitudes_expulsion/attitudes_wide.csv"):
        totals = '[files.columns.total]\nmacro = "Macro"\nmicro = "Micro"\npanas_p = "PANASp"\npanas_n = "PANASn"\n'
        trial = next(trial for trial in TRIALS if trial.id == "attitudes-all")
        told = findings("attitudes-all", settings=trial.settings + totals)
        yield "published totals follow from the answers, and none is doubted", not count(told, "total_of_incomplete") and not count(told, "total_differs")
        planted = trials / "attitudes-all-dirt" / "planted.csv"
        planted.write_text("file,row,column,old value,new value,reason,by\nattitudes_wide.csv,2,PreMacro,0,9,planted,us\n", encoding="utf-8")
        told = findings("attitudes-all", settings=trial.settings.replace("[answers]", f"[answers]\ncorrections = {json.dumps(planted.name)}") + totals)
        yield "a planted total that differs", count(told, "total_differs") == 1 and count(told, "corrections_applied") == 1


def make_all_reports(folder: Path, reports: Path) -> bool:
    """Whether ``baksos run`` made every report of the study."""
    command = [sys.executable, "-m", "baksos_eval", "run", str(folder), "--out", str(reports)]
    return subprocess.run(command, check=False).returncode == 0


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 0 when everything agrees, 1 when something does not, 2 when there is nothing to compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", default=os.environ.get(VARIABLE, ""), type=str, help=f"the folder of the real sets (default: {VARIABLE})")
    parser.add_argument("--trial", type=Path, help="where the studies are written and kept (default: a temporary folder)")
    parser.add_argument("--run", action="store_true", help="also make every report")
    parser.add_argument("--only", default="", help="only the trials whose name begins so")
    given = parser.parse_args(arguments)
    if not given.folder:
        print(f"No real data: name their folder as an argument or in {VARIABLE}. Nothing was compared.", file=sys.stderr)
        return EXIT_ABSENT
    sets = Path(given.folder)
    missing = [name for name in ("expected_pairs.csv", "expected_alpha.csv", *sorted({trial.data for trial in TRIALS})) if not (sets / name).is_file()]
    if missing:
        print(f"Not in {sets}: {', '.join(missing)}. Nothing was compared.", file=sys.stderr)
        return EXIT_ABSENT
    with tempfile.TemporaryDirectory() as temporary:
        return run_trials(sets, given.trial or Path(temporary), given.only, given.run)


def run_trials(sets: Path, trials: Path, only: str, make_reports: bool) -> int:
    """Runs the chosen trials and prints what came of each; the exit code."""
    pairs, alphas = read_expected(sets / "expected_pairs.csv", "set", "group"), read_expected(sets / "expected_alpha.csv", "scale")
    chosen = [trial for trial in TRIALS if trial.id.startswith(only)]
    different = 0
    for trial in chosen:
        folder = trial.write(sets, trials)
        print(f"\n{trial.id}")
        comparisons = [*evaluate_trial(trial, folder, pairs, alphas), *compare_groups(trial, folder, pairs)]
        print(*comparisons, sep="\n")
        different += sum(not comparison.agrees for comparison in comparisons)
        if make_reports:
            different += not make_all_reports(folder, trials / "reports")
    print("\nknown dirt")
    for what, found in look_for_dirt(sets, trials, only):
        print(f"  {'found    ' if found else 'NOT FOUND'} {what}")
        different += not found
    print(f"\n{len(chosen)} studies; {different} differences without a reason")
    return EXIT_DIFFERENT if different or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
