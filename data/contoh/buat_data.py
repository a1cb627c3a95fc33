"""Writes the answers of the example study: invented people, drawn with a fixed seed, in files as lecturers really get them.

Run ``python data/contoh/buat_data.py`` to write them again; with a folder as argument they are written there. The same
version of this script always writes the same bytes.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from statistics import NormalDist

import xlsxwriter

from baksos_eval.study.instrument import Instrument, Item, load_instrument

SEED = 20210804
KNOWLEDGE = load_instrument("pengetahuan_covid19")
RESILIENCE = load_instrument("ketahanan_sosial")
ITEMS = (*KNOWLEDGE.items, *RESILIENCE.items)
WAVES = ("pre", "post")

MOTHERS = ("SI", "NU", "SU", "AM", "RO", "MA", "YU", "DE", "KH", "HA", "WA", "LI", "TU", "PA", "EN", "FA", "ZU", "IN", "MU", "SA")
EDUCATION = (("SD", 0.15), ("SMP", 0.2), ("SMA", 0.45), ("Diploma/Sarjana", 0.2))
FORMS_ANSWERS = {
    "pre": {"sts": "Sangat tidak setuju", "ts": "Tidak setuju", "n": "Netral", "s": "Setuju", "ss": "Sangat setuju"},
    "post": {"sts": "Sangat Tidak Setuju", "ts": "Tidak Setuju", "n": "Ragu-ragu", "s": "Setuju", "ss": "Sangat Setuju"},
}
TRUTH = {"benar": "Benar", "salah": "Salah", "tidak_tahu": "Tidak tahu"}
SHORT_TRUTH = {"benar": "B", "salah": "S", "tidak_tahu": "TT"}
SHORT_AGREEMENT = {"sts": "STS", "ts": "TS", "n": "RR", "s": "S", "ss": "SS"}
CREATED = datetime(2021, 9, 1, 8, 0, 0)


@dataclass(frozen=True)
class Setting:
    """How one RT's people answer: the share known before, how much is learnt, and how resilience moves."""

    known: float
    learnt: float
    resilience: float
    change: float
    unsteady: float


@dataclass(frozen=True)
class Person:
    """One invented respondent; ``answers`` holds option codes by wave and item, ``None`` where left blank."""

    code: str
    age: int
    sex: str
    education: str
    answers: Mapping[str, Mapping[str, str | None]]
    consents: bool = True
    waves: tuple[str, ...] = WAVES

    def __getitem__(self, wave: str) -> Mapping[str, str | None]:
        return self.answers[wave]

    def at(self, wave: str, **answers: str | None) -> Person:
        """This person with some answers of one wave replaced."""
        return replace(self, answers={**self.answers, wave: {**self.answers[wave], **answers}})


class Draw:
    """Random draws from ``random()`` alone, whose sequence Python promises to keep."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)
        self._normal = NormalDist()

    def share(self) -> float:
        return self._random.random()

    def chance(self, probability: float) -> bool:
        return self.share() < probability

    def whole(self, low: int, high: int) -> int:
        return low + int(self.share() * (high - low + 1))

    def choice(self, values: Iterable[str]) -> str:
        values = tuple(values)
        return values[self.whole(0, len(values) - 1)]

    def weighted(self, values: Iterable[tuple[str, float]]) -> str:
        values = tuple(values)
        position = self.share() * sum(weight for _, weight in values)
        for value, weight in values:
            position -= weight
            if position < 0:
                return value
        return values[-1][0]

    def normal(self, mean: float = 0.0, deviation: float = 1.0) -> float:
        return mean + deviation * self._normal.inv_cdf(min(max(self.share(), 1e-9), 1 - 1e-9))


# people

def draw_people(rt: str, count: int, setting: Setting) -> list[Person]:
    """People of one RT with distinct codes: two letters of the mother's name, the day of birth, two digits."""
    draw = Draw(f"{SEED} {rt}")
    people: list[Person] = []
    while len(people) < count:
        code = f"{draw.choice(MOTHERS)}{draw.whole(1, 31):02d}{draw.whole(0, 99):02d}"
        if all(_differences(code, other.code) > 2 for other in people):
            people.append(Person(code=code, age=draw.whole(19, 68), sex=draw.choice("LP"), education=draw.weighted(EDUCATION),
                                 answers=_draw_answers(draw, setting)))
    return people


def _differences(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def _draw_answers(draw: Draw, setting: Setting) -> dict[str, dict[str, str | None]]:
    able, sturdy = draw.normal(deviation=0.15), draw.normal(setting.resilience, 0.45)
    moved = sturdy + draw.normal(setting.change, setting.unsteady)
    answers: dict[str, dict[str, str | None]] = {wave: {} for wave in WAVES}
    for number, item in enumerate(KNOWLEDGE.items):
        ease = (number * 7 % len(KNOWLEDGE.items)) / len(KNOWLEDGE.items) - 0.5
        knows = draw.chance(setting.known + able + 0.35 * ease)
        knows_later = draw.chance(0.96 if knows else setting.learnt + able)
        answers["pre"][item.id] = _truth(draw, item, knows, unsure=0.55)
        answers["post"][item.id] = _truth(draw, item, knows_later, unsure=0.3)
    for number, item in enumerate(RESILIENCE.items):
        liked = (number * 3 % len(RESILIENCE.items)) / len(RESILIENCE.items) - 0.5
        habit = draw.normal(deviation=0.45)
        for wave, level in (("pre", sturdy), ("post", moved)):
            answers[wave][item.id] = _agreement(item, level + 0.8 * liked + habit + draw.normal(deviation=0.45))
    return answers


def _truth(draw: Draw, item: Item, knows: bool, unsure: float) -> str:
    if knows:
        return item.key
    return "tidak_tahu" if draw.chance(unsure) else {"benar": "salah", "salah": "benar"}[item.key]


def _agreement(item: Item, level: float) -> str:
    value = min(max(round(level), 1), 5)
    return RESILIENCE.options[(6 - value if item.reversed else value) - 1].code


def all_known(person: Person) -> Person:
    """This person with every answer of the knowledge test right before and after: already at the maximum."""
    for wave in WAVES:
        person = person.at(wave, **{item.id: item.key for item in KNOWLEDGE.items})
    return person


def with_blanks(people: list[Person], rt: str, share: float) -> list[Person]:
    """The people with a few answers left out here and there."""
    draw = Draw(f"{SEED} {rt} blanks")
    return [replace(person, answers={wave: {item: None if draw.chance(share) else answer for item, answer in person[wave].items()}
                                     for wave in WAVES}) for person in people]


def blank_before(person: Person, instrument: Instrument, count: int) -> Person:
    """This person with the last ``count`` answers of one instrument left out before."""
    return person.at("pre", **{item.id: None for item in instrument.items[-count:]})


# RT 04: a Google Form before and another after, on an Indonesian Google account

def write_rt04(folder: Path) -> None:
    people = draw_people("RT 04", 37, Setting(known=0.62, learnt=0.66, resilience=3.35, change=0.22, unsteady=0.3))
    people = with_blanks(people, "RT 04", 0.006)
    people[0] = all_known(people[0])
    people[1] = people[1].at("pre", **{item.id: "s" for item in RESILIENCE.items}).at("post", **{item.id: "s" for item in RESILIENCE.items})
    people[2] = blank_before(people[2], RESILIENCE, 6)
    people[30:33] = [replace(person, waves=("pre",)) for person in people[30:33]]
    people[33:35] = [replace(person, waves=("post",)) for person in people[33:35]]
    people[35] = replace(people[35], consents=False, waves=("pre",))
    people[36] = replace(people[36], waves=("pre",))
    mistyped = replace(people[3], code=_transposed(people[3].code))
    for wave, begin, grid in (("pre", datetime(2021, 8, 4, 16, 2, 11), ("Benar atau salah?", "Seberapa setuju Anda?")),
                              ("post", datetime(2021, 9, 1, 16, 5, 40), ("Pengetahuan", "Ketahanan warga"))):
        draw, reading = Draw(f"{SEED} RT 04 {wave}"), Draw(f"{SEED} RT 04 posts")
        sending = [person for person in people if wave in person.waves]
        if wave == "post":
            sending[sending.index(people[3])] = mistyped
            sending.insert(12, people[4].at("post", pc05=None))
        rows, time = [], begin
        for person in sending:
            time += timedelta(seconds=draw.whole(40, 900))
            number = people.index(person) if person in people else len(people)
            row = {"Cap waktu": f"{time:%d/%m/%Y} {time.hour}.{time:%M.%S}",
                   "Apakah Anda bersedia mengisi kuesioner ini?": "Bersedia" if person.consents else "Tidak bersedia",
                   "Kode responden (2 huruf awal nama ibu, tanggal lahir, 2 angka terakhir nomor HP)":
                       person.code.lower() if number % 9 == 4 else person.code,
                   "RT": draw.weighted((("RT 04", 0.6), ("RT.4", 0.1), ("004", 0.2), ("4", 0.1))),
                   "Usia": f"{person.age} tahun" if number % 11 == 7 else str(person.age),
                   "Jenis kelamin": {"L": "Laki-laki", "P": "Perempuan"}[person.sex],
                   "Pendidikan terakhir": person.education,
                   "Nomor WhatsApp": f"0800-0000-{number:04d}"}
            for item in ITEMS:
                title = grid[0] if item in KNOWLEDGE.items else grid[1]
                answer = person[wave][item.id] if person.consents else None
                row[f"{title} [{item.text.id}]"] = (TRUTH | FORMS_ANSWERS[wave]).get(answer or "", "")
            if wave == "post":
                row["Apakah Anda membaca unggahan Instagram kami?"] = reading.weighted((("Ya, hampir semua", 0.3), ("Ya, sebagian", 0.4), ("Tidak", 0.3)))
            rows.append(row)
        name = {"pre": "Kuesioner Awal RT 04 (Jawaban)", "post": "Kuesioner Akhir RT 04 (Jawaban)"}[wave]
        write_csv(folder / f"{name}.csv", rows)


def _transposed(code: str) -> str:
    """The code as somebody types it in a hurry: its last two digits swapped (or the last one off by one)."""
    last = code[:-2] + code[-1] + code[-2]
    return last if last != code else code[:-1] + str((int(code[-1]) + 1) % 10)


# RT 05: paper questionnaires, typed into a workbook by the students

def write_rt05(folder: Path) -> None:
    people = draw_people("RT 05", 29, Setting(known=0.74, learnt=0.75, resilience=3.45, change=0.33, unsteady=0.28))
    people = with_blanks(people, "RT 05", 0.008)
    people[:3] = [all_known(person) for person in people[:3]]
    people[26:28] = [replace(person, waves=("pre",)) for person in people[26:28]]
    people[28] = replace(people[28], waves=("post",))
    book = new_workbook(folder / "Rekap Kuesioner RT 05.xlsx")
    bold, centre = book.add_format({"bold": True}), book.add_format({"bold": True, "align": "center"})
    for wave, sheet_name, day in (("pre", "Pretes", "5 Agustus 2021"), ("post", "Postes", "2 September 2021")):
        draw = Draw(f"{SEED} RT 05 {wave}")
        sheet = book.add_worksheet(sheet_name)
        header = ["No", "Kode", "L/P", "Umur", *(f"PC{n}" for n in range(1, len(KNOWLEDGE.items) + 1)),
                  *(f"KS{n}" for n in range(1, len(RESILIENCE.items) + 1)), "Paraf"]
        sheet.merge_range(0, 0, 0, len(header) - 1, f"REKAPITULASI KUESIONER {sheet_name.upper()}", centre)
        sheet.merge_range(1, 0, 1, len(header) - 1, "RT 05 Kelurahan Way Halim Permai, Kota Bandar Lampung", centre)
        sheet.write(2, 0, f"Tanggal: {day}")
        for column, text in enumerate(header):
            sheet.write(4, column, text, bold)
        row = 5
        answered = [0] * len(ITEMS)
        for number, person in enumerate((person for person in people if wave in person.waves), start=1):
            sheet.write(row, 0, number)
            sheet.write(row, 1, person.code)
            sheet.write(row, 2, person.sex)
            sheet.write(row, 3, person.age)
            for column, item in enumerate(ITEMS, start=4):
                answer = (SHORT_TRUTH | SHORT_AGREEMENT).get(person[wave][item.id] or "", "")
                answered[column - 4] += bool(answer)
                if answer and draw.chance(0.05):
                    answer = f"{answer.lower()} "
                if not answer and draw.chance(0.5):
                    answer = "-"
                if wave == "post" and number == 9 and item.id == "ks12":
                    answer = "S/SS"
                if answer:
                    sheet.write(row, column, answer)
            row += 1
        sheet.write(row, 1, "Jumlah", bold)
        for column, count in enumerate(answered, start=4):
            sheet.write(row, column, count)
        sheet.write(row + 2, 30, f"Bandar Lampung, {day}")
        sheet.write(row + 3, 30, "Kelompok PKPM,")
        sheet.write(row + 6, 30, "( ........................ )")
        sheet.freeze_panes(5, 2)
    book.close()


# RT 07: one long table, a row per person and test, saved by Excel on an Indonesian computer

def write_rt07(folder: Path) -> None:
    people = draw_people("RT 07", 22, Setting(known=0.6, learnt=0.4, resilience=3.5, change=0.05, unsteady=0.12))
    people = with_blanks(people, "RT 07", 0.005)
    people[20] = replace(people[20], waves=("pre",))
    people[21] = replace(people[21], consents=False)
    agreement = {option.code: f"{option.value:g}" for option in RESILIENCE.options}
    rows = []
    for wave, test in (("pre", "Pretes"), ("post", "Postes")):
        for number, person in enumerate(people):
            if wave not in person.waves:
                continue
            row = {"Tes": test.upper() if number % 8 == 5 else test, "Kode": person.code, "RT": "RT 07",
                   "Persetujuan": "Ya" if person.consents else "Tidak", "Usia": str(person.age), "Jenis kelamin": person.sex,
                   "Pendidikan terakhir": person.education}
            for position, item in enumerate(KNOWLEDGE.items, start=1):
                row[f"{position}. {item.text.id}"] = (TRUTH | {"benar": "Betul"} if number % 6 == 1 else TRUTH).get(person[wave][item.id] or "", "")
            for position, item in enumerate(RESILIENCE.items, start=1):
                row[f"{position}. {item.text.id}"] = agreement.get(person[wave][item.id] or "", "")
            rows.append(row)
    write_csv(folder / "RT 07 pretes dan postes.csv", rows, delimiter=";", mark="\ufeff")


# RT 09: one row per person, before and after side by side

def write_rt09(folder: Path) -> None:
    people = draw_people("RT 09", 12, Setting(known=0.55, learnt=0.6, resilience=3.2, change=0.15, unsteady=0.5))
    people = with_blanks(people, "RT 09", 0.005)
    people[11] = replace(people[11], waves=("pre",))
    words = {option.code: option.label.id for option in RESILIENCE.options} | {"ts": "Tdk setuju", "n": "Ragu2"}
    book = new_workbook(folder / "RT 09.xlsx")
    sheet = book.add_worksheet("Data")
    header = ["Kode", "Usia", "Jenis kelamin", "Pendidikan terakhir",
              *(f"{prefix} {item.id.upper()}" for prefix in ("Pre", "Post") for item in ITEMS)]
    for column, text in enumerate(header):
        sheet.write(0, column, text)
    for row, person in enumerate(people, start=1):
        cells = [person.code, person.age, person.sex, person.education]
        for wave in WAVES:
            cells += [(TRUTH | words).get(person[wave][item.id] or "", "") if wave in person.waves else "" for item in ITEMS]
        for column, value in enumerate(cells):
            if value != "":
                sheet.write(row, column, value)
    book.close()


# files

def write_csv(path: Path, rows: list[dict[str, str]], delimiter: str = ",", mark: str = "") -> None:
    """The rows as spreadsheets save them: every line ends with CR LF."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes((mark + text.getvalue()).encode("utf-8"))


def new_workbook(path: Path) -> xlsxwriter.Workbook:
    """A workbook that says nothing about when it was really made."""
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"title": path.stem, "comments": "Data sintetis", "created": CREATED})
    return book


def write_all(folder: Path) -> list[Path]:
    """Every answer file of the example study, written into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for write in (write_rt04, write_rt05, write_rt07, write_rt09):
        write(folder)
    return sorted(path for path in folder.iterdir() if path.suffix in {".csv", ".xlsx"})


if __name__ == "__main__":
    for written in write_all(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent):
        print(written.name)
