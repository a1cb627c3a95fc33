"""Times the reading of a million answers, and plain pandas beside it.

    python tools/bench_intake.py                 # 1,000 RTs, 50 people, 2 waves, 10 items, long and wide
    python tools/bench_intake.py --rts 100 --repeat 3 --document

The files are made from a seed in a temporary folder. The toolkit reads, pairs and scores them as `baksos run`, `baksos check` and
the recap do (`pair_and_score`), and once more with all that is checked about each RT (`prepare`). pandas does the
same as the first without a single check: `read_csv`, words to numbers, reversed items, means, `merge` of pre and post on RT and
code. All give the mean change of each RT, which must be equal. Each runs in a process of its own, so that the most memory it
took can be told.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

ITEMS = tuple(f"q{number:02}" for number in range(1, 11))
REVERSED = ("q03", "q07")
WORDS = ("Sangat tidak setuju", "Tidak setuju", "Netral", "Setuju", "Sangat setuju")
LAYOUTS = ("long", "wide")
HEAD = 'id = "besar"\ntitle = { id = "Besar", en = "Large" }\nyear = 2021\ninstruments = ["besar.toml"]\n[columns]\nid = "Kode"\nrt = "RT"\n'


def make(folder: Path, layout: str, rts: int, people: int, seed: int = 20210812) -> None:
    """Writes a study with one file in this layout."""
    dice = random.Random(seed)
    options = "".join(f'[[options]]\ncode = "{value}"\nvalue = {value}\nlabel = {{ id = "{word}", en = "{word}" }}\n' for value, word in enumerate(WORDS, start=1))
    items = "".join(f'[[items]]\nid = "{item}"\nreversed = {str(item in REVERSED).lower()}\ntext = {{ id = "Butir {item}", en = "Item {item}" }}\n' for item in ITEMS)
    (folder / "besar.toml").write_text('id = "besar"\nversion = "1"\nkind = "rating"\nlabel = { id = "Besar", en = "Large" }\n[scoring]\nmethod = "mean"\n'
                                       + options + items, encoding="utf-8")
    long = layout == "long"
    entry = '[[files]]\nfile = "besar.csv"\n' + ('waves = { pre = ["Pre"], post = ["Post"] }\n[files.columns]\nwave = "Tes"\n' if long
                                                   else 'wide = { pre = "Pre {item}", post = "Post {item}" }\n')
    (folder / "study.toml").write_text(HEAD + entry, encoding="utf-8")
    with (folder / "besar.csv").open("w", encoding="utf-8", newline="") as stream:
        write = csv.writer(stream).writerow
        write(["RT", "Kode", "Tes", *ITEMS] if long else ["RT", "Kode", *(f"{wave} {item}" for wave in ("Pre", "Post") for item in ITEMS)])
        for rt in range(1, rts + 1):
            for person in range(people):
                name, code = f"RT {rt:03} RW 01" if rt < 1000 else "RT 001 RW 02", f"K{rt:04}{person:02}"
                answers = [dice.choices(WORDS, k=len(ITEMS)) for _ in range(2)]
                if long:
                    write([name, code, "Pre", *answers[0]])
                    write([name, code, "Post", *answers[1]])
                else:
                    write([name, code, *answers[0], *answers[1]])


def with_baksos(folder: Path) -> dict[str, float]:
    """The mean change of each RT, by the toolkit: the pass over the whole study that `run`, `check` and the recap make, and each RT's data out of it."""
    from baksos_eval.intake.intake import pair_and_score
    from baksos_eval.study.study import open_study

    everybody = pair_and_score(open_study(folder))
    changes = everybody.score("post", "besar")["total"] - everybody.score("pre", "besar")["total"]
    return changes.groupby(level=0).mean().to_dict()


def with_reports(folder: Path) -> dict[str, float]:
    """The mean change of each RT from what its report is made of: frames of its own, and everything that is checked about its data."""
    from baksos_eval.intake.intake import list_rts, prepare
    from baksos_eval.study.study import open_study

    study = open_study(folder)
    scores = {rt: prepare(study, rt).scores for rt in list_rts(study)}
    return {rt: float((waves["post"]["besar"]["total"] - waves["pre"]["besar"]["total"]).mean()) for rt, waves in scores.items()}


def with_pandas(folder: Path) -> dict[str, float]:
    """The mean change of each RT, by pandas alone."""
    import pandas as pd

    values = {word: value for value, word in enumerate(WORDS, start=1)}

    def scored(answers: pd.DataFrame) -> pd.Series:
        numbers = answers.apply(lambda column: column.map(values)).astype(float)
        numbers[list(REVERSED)] = 6 - numbers[list(REVERSED)]
        return numbers.mean(axis=1)

    table = pd.read_csv(folder / "besar.csv")
    if "Tes" in table:
        table["score"] = scored(table[list(ITEMS)].copy())
        sides = [table.loc[table["Tes"] == wave, ["RT", "Kode", "score"]] for wave in ("Pre", "Post")]
    else:
        sides = [table[["RT", "Kode"]].assign(score=scored(table[[f"{wave} {item}" for item in ITEMS]].set_axis(list(ITEMS), axis=1)))
                 for wave in ("Pre", "Post")]
    pairs = sides[0].merge(sides[1], on=["RT", "Kode"], suffixes=("_pre", "_post"), validate="one_to_one")
    return (pairs["score_post"] - pairs["score_pre"]).groupby(pairs["RT"]).mean().to_dict()


WAYS = {"pandas": with_pandas, "baksos": with_baksos, "each": with_reports}
NAMES = {"pandas": "pandas", "baksos": "baksos-eval: dibaca, dipasangkan, dinilai", "each": "baksos-eval, ditambah semua pemeriksaan mutu setiap RT"}


def measure(way: str, folder: Path) -> dict[str, object]:
    """Seconds, peak memory and result of one way, in a process of its own; the time is that of the work, after the imports."""
    done = subprocess.run([sys.executable, __file__, "--way", way, "--folder", str(folder)], capture_output=True, check=True, text=True, encoding="utf-8",
                          env=os.environ | {"PYTHONUTF8": "1"})
    return json.loads(done.stdout)


def work(way: str, folder: Path) -> None:
    import pandas  # noqa: F401

    import baksos_eval.intake.intake  # noqa: F401

    started, cpu = time.perf_counter(), time.process_time()
    changes = WAYS[way](folder)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    memory = 0.0
    if sys.platform != "win32":
        import resource

        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    print(json.dumps({"seconds": seconds, "cpu": cpu, "memory": memory, "changes": changes}))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rts", type=int, default=1000)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--repeat", type=int, default=3, help="the shortest time counts")
    parser.add_argument("--document", action="store_true", help="put the figures into docs/BERKAS.md")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        work(options.way, options.folder)
        return
    from baksos_eval.study.rt import normalise_rt

    answers = f"{options.rts * options.people * 2 * len(ITEMS):,}".replace(",", ".")
    rows = [f"{options.rts} RT, {options.people} orang, 2 gelombang, {len(ITEMS)} butir: {answers} jawaban. "
            f"Waktu prosesor terpendek dari {options.repeat} kali; semua cara memberi rerata perubahan yang sama untuk setiap RT.", "",
            "| susunan | cara | detik | memori tertinggi (MB) | kali pandas |", "|---|---|--:|--:|--:|"]
    for layout in LAYOUTS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            make(folder, layout, options.rts, options.people)
            results = {way: [measure(way, folder) for _ in range(options.repeat)] for way in WAYS}
        best = {way: min(runs, key=lambda run: run["cpu"]) for way, runs in results.items()}  # type: ignore[arg-type, return-value]
        plain = {normalise_rt(rt): change for rt, change in best["pandas"]["changes"].items()}  # type: ignore[attr-defined]
        for way in ("baksos", "each"):
            ours = best[way]["changes"]
            assert plain.keys() == ours.keys() and all(abs(plain[rt] - ours[rt]) < 1e-12 for rt in plain), f"{way} differs"  # type: ignore[attr-defined, index]
        for way, title in NAMES.items():
            ratio = best[way]["cpu"] / best["pandas"]["cpu"]  # type: ignore[operator]
            numbers = f"{best[way]['cpu']:.2f} | {best[way]['memory']:.0f} | {ratio:.2f}".replace(".", ",")
            rows.append(f"| {'panjang' if layout == 'long' else 'lebar'} | {title} | {numbers} |")
    print("\n".join(rows))
    if options.document:
        from tests.corpus.measure import write_section

        write_section("besar", rows)


if __name__ == "__main__":
    main()
