"""The figures as tables of the document, in Indonesian."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from .cells import LEVEL, RELIABILITIES, RT_SPREADS, RTS, SIZES, Figure
from .people import ABILITY, DENSITY, MODELS, Model

START, END = "<!-- tabel: ditulis oleh tools/simulate.py -->", "<!-- akhir tabel -->"

LABELS = {
    "normal": "total normal", "likert": "rerata 10 butir Likert", "likert_item": "satu butir Likert",
    "knowledge": "pengetahuan 15 butir", "knowledge_ceiling": "pengetahuan, hampir semua benar", "parallel": "10 butir sejajar, normal",
    "gain": "naik 25 poin persen (35 % naik, 10 % turun)", "gain_ceiling": "naik 10 poin persen (12 % naik, 2 % turun)",
    "no_change": "tetap (15 % naik, 15 % turun)", "no_change_ceiling": "tetap (5 % naik, 5 % turun)",
    "mean_change": "selang t rerata perubahan", "bootstrap_change": "bootstrap-t rerata perubahan", "hodges_lehmann": "Hodges–Lehmann eksak",
    "cohen_d_z": "d_z (t nonsentral)", "cohen_d_av": "d_av (Bonett)", "rank_biserial": "rank-biserial", "class_gain": "N-gain kelas (bootstrap-t)",
    "cronbach_alpha": "alpha (Feldt)", "proportion_change": "Bonett–Price", "mcnemar_mid_p": "McNemar mid-p", "mcnemar_exact": "McNemar eksak",
    "signed_rank_pratt": "peringkat bertanda eksak, Pratt", "signed_rank_wilcoxon": "peringkat bertanda eksak, Wilcoxon",
    "spss_signed_rank": "peringkat bertanda asimtotik (SPSS)", "sign_test": "uji tanda",
    "pool": "PM + HK", "prediction": "prediksi RT baru", "rt_means_test": "t atas rerata RT", "rt_mixed_model": "model campuran",
    "shrunken": "selang tiap RT", "ignoring_rts": "RT diabaikan",
}
TEST_LABELS = LABELS | {"mean_change": "t berpasangan"}
LIBERAL = 0.025         # Bradley (1978): a rate beyond .05 +- .025 is not robust


def decimal(value: float, digits: int = 1) -> str:
    """A number as Indonesian writes it."""
    return f"{value:.{digits}f}".replace(".", ",").replace("-", "−")


def shown(figure: Figure | None) -> str:
    """A rate in per cent: bold where too many errors are made, italic where the method is much too cautious."""
    if figure is None:
        return ""
    errors = figure.rate if is_test(figure) else 1 - figure.rate
    text = decimal(100 * figure.rate)
    if errors > LEVEL + LIBERAL:
        text = f"**{text}**"
    elif errors < LEVEL - LIBERAL:
        text = f"*{text}*"
    return f"{text} ({decimal(100 * figure.missing)} % tanpa selang)" if figure.missing >= 0.0005 and not is_test(figure) else text


def is_test(figure: Figure) -> bool:
    return figure.part == "level" or figure.figure.startswith("mcnemar")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def by_size(figures: Sequence[Figure], part: str, names: Sequence[str]) -> str:
    """One row per statistic and model, one column per number of people."""
    found = {(f.figure, f.model, f.size): f for f in figures if f.part == part}
    models = list(dict.fromkeys(f.model for f in figures if f.part == part))
    labels = TEST_LABELS if part == "level" else LABELS
    rows = [[labels[name], LABELS[model], *(shown(found.get((name, model, n))) for n in SIZES)]
            for name in names for model in models if (name, model, SIZES[0]) in found]
    return table(["statistik", "model", *(f"n = {n}" for n in SIZES)], rows)


def over_rts(figures: Sequence[Figure]) -> str:
    """One row per model, spread and number of RTs, one column per method."""
    names = list(dict.fromkeys(f.figure for f in figures if f.part == "rts"))
    found = {(f.model, f.spread, f.size, f.figure): f for f in figures if f.part == "rts"}
    rows = []
    for model, spreads in RT_SPREADS:
        for spread in spreads:
            points = between_sd(model, spread)
            share = points**2 / (points**2 + model.margins().sd_change ** 2)
            rows += [[LABELS[model.name], decimal(points), decimal(100 * share, 0), str(k), *(shown(found.get((model.name, spread, k, name))) for name in names)]
                     for k in RTS]
    return table(["model", "SD antar-RT (poin)", "ICC (%)", "banyak RT", *(LABELS[name] for name in names)], rows)


def between_sd(model: Model, spread: float) -> float:
    """SD between RTs of the true mean change, in points."""
    change = model.change_at(spread * ABILITY)
    return math.sqrt(max(0.0, float(DENSITY @ change**2) - float(DENSITY @ change) ** 2))


def described() -> str:
    """What the models look like, computed and not drawn."""
    rows = []
    for model in MODELS:
        m, truth = model.margins(), model.truth()
        gained = "–" if math.isnan(truth.class_gain) else decimal(truth.class_gain, 2)
        digits = 2 if model.maximum == 5 else 1
        rows.append([LABELS[model.name], decimal(m.mean_pre, digits), decimal(m.mean_post, digits), decimal(m.sd_pre, digits), decimal(m.sd_post, digits),
                     decimal(m.sd_change, digits), decimal(truth.d_z, 2), gained, decimal(100 * m.best_post, 0), decimal(100 * m.unchanged, 0)])
    head = ["model", "rerata sebelum", "rerata sesudah", "SD sebelum", "SD sesudah", "SD perubahan", "d_z", "N-gain", "nilai tertinggi sesudah (%)", "tidak berubah (%)"]
    alphas = "; ".join(f"{LABELS[model.name]} {decimal(model.alpha(), 2)}" for model in RELIABILITIES)
    return f"{table(head, rows)}\n\nAlpha sebenarnya pada pengukuran sebelum: {alphas}."


def tables(figures: Sequence[Figure], seed: int, versions: Mapping[str, str]) -> str:
    """Everything between the two marks of the document; the versions are those of what made the figures."""
    coverage = ("mean_change", "bootstrap_change", "hodges_lehmann", "class_gain", "cohen_d_z", "cohen_d_av", "rank_biserial")
    level = ("mean_change", "signed_rank_pratt", "signed_rank_wilcoxon", "spss_signed_rank", "sign_test")
    drawn = sorted({f.replications for f in figures if f.replications}, reverse=True)
    worst = max(f.error for f in figures)
    near = math.sqrt(LEVEL * (1 - LEVEL) / min(drawn)) if drawn else 0.0
    made = ", ".join(f"{name} {version}" for name, version in versions.items())
    counts = " atau ".join(str(count) for count in drawn)
    return "\n\n".join([
        f"Ulangan per angka: {counts} (butir benar/salah dihitung tanpa undian). Galat Monte Carlo di sekitar 95 %: paling besar "
        f"{decimal(100 * near, 2)} poin persen; terbesar di seluruh tabel: {decimal(100 * worst, 2)}. Benih {seed}. Dibuat dengan {made}.",
        "### Model", described(),
        "### Cakupan selang 95 %, satu RT (persen)", by_size(figures, "coverage", coverage),
        "### Taraf uji 5 % bila tidak ada perubahan, satu RT (persen ditolak)", by_size(figures, "level", level),
        "### Butir benar/salah: cakupan selang 95 % dan taraf uji 5 % (persen, tepat)",
        by_size(figures, "item", ("proportion_change", "mcnemar_mid_p", "mcnemar_exact")),
        "### Cakupan selang 95 % alpha Cronbach (persen)", by_size(figures, "reliability", ("cronbach_alpha",)),
        "### Beberapa RT, masing-masing 10–40 orang: cakupan selang 95 % (persen)", over_rts(figures),
    ])


def renewed(document: str, text: str) -> str:
    """The document with the text between its marks.

    Raises:
        ValueError: the document does not have both marks once each, in order.
    """
    before, start, rest = document.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"the document lacks the lines {START} and {END}")
    return f"{before}{START}\n\n{text}\n\n{END}{after}"
