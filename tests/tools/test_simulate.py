"""The simulation: its truths are true, it counts rightly, notices a wrong interval, goes on where it stopped, and its document shows what was measured."""

from __future__ import annotations

import importlib
import math
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from scipy import stats

from baksos_eval.stats import effect, gain, reliability

ROOT = Path(__file__).parents[2]
SKELETON = "# Judul\n\nsebelum\n\n<!-- tabel: ditulis oleh tools/simulate.py -->\nlama\n<!-- akhir tabel -->\n\nsesudah\n"


@pytest.fixture(scope="module")
def tool() -> Iterator[ModuleType]:
    """The script, imported as Python finds it when it is run: with its folder on the path."""
    sys.path.insert(0, str(ROOT / "tools"))
    yield importlib.import_module("simulate")
    sys.path.remove(str(ROOT / "tools"))
    for name in [name for name in sys.modules if name == "simulate" or name.split(".")[0] == "simulation"]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def people(tool: ModuleType) -> ModuleType:
    return importlib.import_module("simulation.people")


@pytest.fixture(scope="module")
def cells(tool: ModuleType) -> ModuleType:
    return importlib.import_module("simulation.cells")


@pytest.fixture(scope="module")
def tables(tool: ModuleType) -> ModuleType:
    return importlib.import_module("simulation.tables")


@pytest.fixture(scope="module")
def quick(tool: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulation with spaces")
    (folder / "document.md").write_text(SKELETON, encoding="utf-8")
    assert run(tool, folder) == 0
    return folder


def run(tool: ModuleType, folder: Path, *more: str) -> int:
    return tool.main(["--quick", "--figures", str(folder / "figures.csv"), "--document", str(folder / "document.md"), *more])


def promised() -> Counter:
    """Every figure of the table in the task: part, model, spread, size, statistic."""
    models, sizes = ("normal", "likert", "likert_item", "knowledge", "knowledge_ceiling"), (10, 20, 30, 60)
    intervals = ("mean_change", "bootstrap_change", "hodges_lehmann", "cohen_d_z", "cohen_d_av", "rank_biserial", "class_gain")
    tests = ("mean_change", "signed_rank_pratt", "signed_rank_wilcoxon", "spss_signed_rank", "sign_test")
    over_rts = ("pool", "prediction", "rt_means_test", "rt_mixed_model", "shrunken", "ignoring_rts")
    found = [("coverage", m, 0.0, n, s) for m, n, s in product(models, sizes, intervals) if (m, s) != ("normal", "class_gain")]
    found += [("level", m, 0.0, n, s) for m, n, s in product(models, sizes, tests)]
    found += [("reliability", m, 0.0, n, "cronbach_alpha") for m, n in product(("parallel", "likert", "knowledge", "knowledge_ceiling"), sizes)]
    found += [("item", m, 0.0, n, "proportion_change") for m, n in product(("gain", "gain_ceiling", "no_change", "no_change_ceiling"), sizes)]
    found += [("item", m, 0.0, n, s) for m, n, s in product(("no_change", "no_change_ceiling"), sizes, ("mcnemar_mid_p", "mcnemar_exact"))]
    for model, spreads in (("normal", (0.0, 2.0, 4.0)), ("knowledge", (0.0, 0.4, 0.8))):
        found += [("rts", model, spread, k, s) for spread, k, s in product(spreads, (3, 5, 8), over_rts)]
    return Counter(found)


def test_quick_measures_every_promised_cell(tool: ModuleType, quick: Path):
    figures = tool.read(quick / "figures.csv")
    assert Counter((*figure.cell, figure.figure) for figure in figures) == promised()


def test_quick_figures_are_sane(tool: ModuleType, tables: ModuleType, quick: Path):
    figures = tool.read(quick / "figures.csv")
    for figure in figures:
        assert figure.replications in ({0} if figure.part == "item" else {10, 20})
        assert 0 <= figure.missing < 1
        assert figure.rate + figure.below + figure.above == pytest.approx(1)
        drawn = figure.replications * (1 if tables.is_test(figure) else 1 - figure.missing)
        assert figure.error == pytest.approx(math.sqrt(figure.rate * (1 - figure.rate) / drawn) if drawn else 0)
    coverages = [figure for figure in figures if not tables.is_test(figure) and figure.figure != "ignoring_rts"]
    levels = [figure for figure in figures if tables.is_test(figure)]
    assert 0.92 < np.mean([figure.rate for figure in coverages]) < 0.99
    assert 0.01 < np.mean([figure.rate for figure in levels]) < 0.07
    ignoring = [figure.rate for figure in figures if figure.figure == "ignoring_rts" and figure.spread >= 0.8 and figure.size == 8]
    assert np.mean(ignoring) < 0.85


def test_the_document_gets_the_tables_and_keeps_the_rest(tool: ModuleType, tables: ModuleType, quick: Path):
    text = (quick / "document.md").read_text(encoding="utf-8")
    before, written, after = re.split(r"<!-- (?:tabel: ditulis oleh tools/simulate\.py|akhir tabel) -->", text)
    assert (before, after) == ("# Judul\n\nsebelum\n\n", "\n\nsesudah\n")
    assert "lama" not in written and written.strip() == tables.tables(tool.read(quick / "figures.csv"), tool.SEED, tool.versions())
    for label in ("PM + HK", "RT diabaikan", "Hodges–Lehmann eksak", "alpha (Feldt)", "Bonett–Price", "peringkat bertanda eksak, Wilcoxon"):
        assert label in written
    assert not re.search(r"\d\.\d", re.sub(r"Dibuat dengan.*", "", written)), "a number is not written as Indonesian writes it"


def test_an_interrupted_run_goes_on_where_it_stopped(tool: ModuleType, quick: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "document.md").write_text(SKELETON, encoding="utf-8")
    figures = tool.read(quick / "figures.csv")
    lost = {("reliability", "likert", 0.0, 20), ("level", "normal", 0.0, 10)}
    marked = next(figure for figure in figures if figure.part == "coverage")
    kept = [replace_rate(figure, 0.123) if figure == marked else figure for figure in figures if figure.cell not in lost]
    (tmp_path / "figures.csv").write_text(tool.as_csv(kept), encoding="utf-8", newline="\n")
    run(tool, tmp_path)
    measured = re.findall(r"(\w+) (\w+) ([\d.]+) (\d+): measured", capsys.readouterr().err)
    assert {(part, model, float(spread), int(size)) for part, model, spread, size in measured} == lost
    assert tool.read(tmp_path / "figures.csv") == [replace_rate(figure, 0.123) if figure == marked else figure for figure in figures]


def replace_rate(figure: tuple, rate: float) -> tuple:
    return figure._replace(rate=rate)


def test_every_cell_is_kept_as_soon_as_it_is_measured(tool: ModuleType, people: ModuleType, cells: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "document.md").write_text(SKELETON, encoding="utf-8")
    some = [cells.Reliability(people.Parallel(), 10), cells.Reliability(people.Parallel(), 20), Broken(people.NORMAL)]
    monkeypatch.setattr(tool, "all_cells", lambda: some)
    with pytest.raises(KeyboardInterrupt):
        run(tool, tmp_path)
    assert [figure.size for figure in tool.read(tmp_path / "figures.csv")] == [10, 20]
    assert "lama" in (tmp_path / "document.md").read_text(encoding="utf-8")


class Broken:
    part, spread, size, measures = "coverage", 0.0, 10, ()

    def __init__(self, model: object) -> None:
        self.model = model

    def __repr__(self) -> str:
        return "Broken()"

    def measure(self, generator: np.random.Generator, scale: float) -> dict:
        raise KeyboardInterrupt


def test_figures_of_other_settings_are_not_taken_for_these(tool: ModuleType, people: ModuleType, cells: ModuleType, monkeypatch: pytest.MonkeyPatch):
    cell = cells.Coverage(people.NORMAL, 10)
    codes = [tool.code_of(cell, 1, 1.0), tool.code_of(cell, 2, 1.0), tool.code_of(cell, 1, 0.5), tool.code_of(replace(cell, size=20), 1, 1.0),
             tool.code_of(replace(cell, model=replace(people.NORMAL, rise=5)), 1, 1.0)]
    monkeypatch.setattr(tool, "code_of_the_statistics", lambda modules: "other")
    codes.append(tool.code_of(cell, 1, 1.0))
    assert len(set(codes)) == len(codes)


def test_the_digest_follows_what_the_statistics_compute(tool: ModuleType, cells: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for path in Path(tool.stats.__path__[0]).glob("*.py"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(tool.stats, "__path__", [str(tmp_path)])
    fresh = tool.code_of_the_statistics.__wrapped__
    measured = cells.Level.measures
    original = fresh(measured)

    def digest_after(name: str, old: str, new: str) -> str:
        path = tmp_path / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        found = fresh(measured)
        path.write_text(text, encoding="utf-8")
        return found

    assert digest_after("paired.py", "Mean change, its t interval", "Mean change, its interval") == original
    assert digest_after("several.py", "FEWEST_RTS = 3", "FEWEST_RTS = 2") == original != fresh(cells.Rts.measures)
    assert digest_after("paired.py", "n < 2", "n < 3") != original
    assert digest_after("distributions.py", "0.5 + confidence / 2", "0.4 + confidence / 2") != original


@pytest.mark.parametrize("arguments", [[], ["--document", "gone.md"]])
def test_a_document_without_marks_is_refused_before_the_work(tool: ModuleType, arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tool, "measured", lambda *_: pytest.fail("worked in vain"))
    (tmp_path / "unmarked.md").write_text("no marks", encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        tool.main(["--quick", *(arguments or ["--document", "unmarked.md"])])
    assert stopped.value.code == 2
    assert re.search("gone.md|lacks the lines", capsys.readouterr().err)


@pytest.mark.parametrize("name", ["NORMAL", "LIKERT", "LIKERT_ITEM", "KNOWLEDGE", "KNOWLEDGE_CEILING"])
def test_truths_are_those_of_many_people(people: ModuleType, name: str):
    model, n = getattr(people, name), 40_000
    pre, post = model.draw(np.random.default_rng(5), (n,))
    truth, margins, change = model.truth(), model.margins(), post - pre
    near = 5 / math.sqrt(n)                 # five standard errors of a standardised mean
    assert change.mean() == pytest.approx(truth.change, abs=near * margins.sd_change)
    assert [pre.mean(), post.mean()] == pytest.approx([margins.mean_pre, margins.mean_post], abs=near * margins.sd_pre)
    assert [pre.std(), post.std(), change.std()] == pytest.approx([margins.sd_pre, margins.sd_post, margins.sd_change], rel=2 * near)
    assert effect.cohen_d_z(pre[:500], post[:500]).low < truth.d_z < effect.cohen_d_z(pre[:500], post[:500]).high
    assert change.mean() / change.std() == pytest.approx(truth.d_z, abs=2 * near)
    assert effect.cohen_d_av(pre, post).d == pytest.approx(truth.d_av, abs=2 * near)
    assert effect.rank_biserial(pre, post).r == pytest.approx(truth.rank_biserial, abs=2 * near)
    halves = (change[: n // 2] + change[n // 2:]) / 2
    assert (halves < truth.pseudomedian - 1e-9).mean() <= 0.5 + near and (halves > truth.pseudomedian + 1e-9).mean() <= 0.5 + near
    if math.isfinite(model.maximum):
        assert gain.class_gain(pre, post, model.maximum, model.minimum, resamples=100).gain == pytest.approx(truth.class_gain, abs=3 * near)
        assert ((post == model.maximum).mean(), (change == 0).mean()) == pytest.approx((margins.best_post, margins.unchanged), abs=near)
    still = model.without_change()
    assert still.truth().change == pytest.approx(0) and still.truth().rank_biserial == pytest.approx(0) and still.truth().pseudomedian == 0


def test_true_alpha_is_that_of_many_people(cells: ModuleType):
    for model in cells.RELIABILITIES:
        generator = np.random.default_rng(6)
        answers = model.answers(generator, getattr(model, "before", 0.0) + generator.standard_normal(40_000))
        assert reliability.cronbach_alpha(answers).alpha == pytest.approx(model.alpha(), abs=0.012)


@pytest.mark.parametrize(("name", "shift"), [("NORMAL", 3.0), ("KNOWLEDGE", -0.7), ("LIKERT", 1.1)])
def test_true_change_of_an_rt_is_that_of_many_people_of_it(people: ModuleType, name: str, shift: float):
    model = getattr(people, name)
    pre, post = model.draw(np.random.default_rng(7), (40_000,), np.full(40_000, shift))
    assert (post - pre).mean() == pytest.approx(float(model.change_at(np.array([shift]))[0]), abs=5 * (post - pre).std() / 200)


def test_population_figures_against_enumeration(people: ModuleType):
    sizes, chances = np.array([-1.0, 0.0, 1.0, 2.0]), np.array([0.15, 0.2, 0.4, 0.25])
    pairs = sorted(((a + b) / 2, p * q) for a, p in zip(sizes, chances, strict=True) for b, q in zip(sizes, chances, strict=True))
    assert people.median_of_pairs(sizes, chances) == next(m for i, (m, _) in enumerate(pairs) if sum(p for _, p in pairs[: i + 1]) >= 0.5)
    changes = np.repeat(sizes, (chances * 20_000).astype(int))
    assert people.rank_biserial_of(sizes, chances) == pytest.approx(effect.rank_biserial(0 * changes, changes).r, abs=1e-3)


def test_tally_counts_sides_gaps_and_rejections(cells: ModuleType):
    tally = cells.Tally(5)
    for low, high in ((0, 2), (-2, 0.5), (1.5, 3), (math.nan, 3), (1, 1)):
        tally.interval(low, high, truth=1)
    assert (tally.hit, tally.below, tally.above, tally.missing, tally.whole) == (2, 1, 1, 1, 5)
    tally = cells.Tally(3)
    for p in (0.01, 0.05, math.nan):
        tally.test(p)
    assert (tally.hit, tally.below, tally.missing, tally.whole) == (1, 2, 1, 3)


def test_too_narrow_an_interval_is_noticed(people: ModuleType, cells: ModuleType, monkeypatch: pytest.MonkeyPatch):
    cell = cells.Coverage(people.NORMAL, 20)

    def coverage() -> float:
        tally = cell.measure(np.random.default_rng(8), 0.05)["mean_change"]
        return tally.hit / tally.whole

    honest = coverage()
    whole = cells.paired.mean_change

    def too_narrow(*waves: np.ndarray) -> tuple:
        result = whole(*waves)
        return result._replace(change_low=(result.change_low + result.change) / 2, change_high=(result.change_high + result.change) / 2)

    monkeypatch.setattr(cells.paired, "mean_change", too_narrow)
    assert honest > 0.9 > 0.8 > coverage()


def test_chances_of_an_item_are_added_up_completely(people: ModuleType, cells: ModuleType):
    cell = cells.Item(people.Answering("no_change", 0.15, 0.15), 10)
    tallies = cell.measure(np.random.default_rng(1), 1.0)
    assert all(tally.hit + tally.below + tally.above == pytest.approx(1) for tally in tallies.values())
    level = 0.0
    for gained, lost in product(range(11), repeat=2):
        if 0 < gained + lost <= 10 and stats.binomtest(gained, gained + lost).pvalue < 0.05:
            level += stats.multinomial.pmf([gained, lost, 10 - gained - lost], 10, [0.15, 0.15, 0.7])
    assert tallies["mcnemar_exact"].hit == pytest.approx(level)


# ---------------------------------------------------------------- the published figures

@pytest.fixture(scope="module")
def published(tool: ModuleType) -> list:
    return tool.read(tool.FIGURES)


def test_published_figures_are_complete_and_of_full_length(cells: ModuleType, published: list):
    assert Counter((*figure.cell, figure.figure) for figure in published) == promised()
    assert {figure.replications for figure in published} == {0, cells.CHEAP, cells.DEAR}
    assert max(figure.error for figure in published if figure.rate > 0.9) < 0.0065


def test_the_document_shows_the_published_figures(tool: ModuleType, tables: ModuleType, published: list):
    shown = between_marks(tables, tool.DOCUMENT.read_text(encoding="utf-8"))
    measured = tables.tables(published, tool.SEED, tool.versions())
    assert shown.partition("### Model")[2] == measured.partition("### Model")[2]    # what precedes names versions


def test_figures_in_the_text_stand_in_the_tables(tool: ModuleType, tables: ModuleType):
    document = tool.DOCUMENT.read_text(encoding="utf-8")
    findings = document.partition("## Temuan")[2].partition("## Hasil")[0]
    said = set(re.findall(r"\d+,\d+", findings))
    assert len(said) > 10 and said <= set(re.findall(r"\d+,\d+", between_marks(tables, document)))


def between_marks(tables: ModuleType, document: str) -> str:
    return document.partition(tables.START)[2].partition(tables.END)[0].strip()
