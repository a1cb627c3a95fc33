"""Writes the logs of what the example study's programme did: invented households, drawn with a fixed seed, as students write them down.

Run ``python data/contoh/kegiatan/buat_bantuan.py`` to write them again; with a folder as argument they are written there. The same
version of this script always writes the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

import xlsxwriter

SEED = 20210805
CREATED = datetime(2021, 9, 2, 8, 0, 0)
HOUSEHOLDS = {"RT 04": 62, "RT 05": 48, "RT 07": 55, "RT 09": 30}
"""Households that the programme meant to reach; the same numbers stand in study.toml."""

BEGINS = {"RT 04": date(2021, 8, 7), "RT 05": date(2021, 8, 9), "RT 07": date(2021, 8, 11), "RT 09": date(2021, 8, 21)}
AT_HOME = {"RT 04": 0.86, "RT 05": 0.92, "RT 07": 0.74, "RT 09": 0.6}
GROUPS = (("umum", 0.58), ("lansia", 0.16), ("kurang mampu", 0.18), ("yatim", 0.05), ("isoman", 0.03))
NEEDY = ("lansia", "kurang mampu", "yatim", "isoman")
SPELLINGS = {"umum": ("umum", "Umum", "warga"), "lansia": ("lansia", "Lansia"), "kurang mampu": ("kurang mampu", "Kurang mampu", "miskin"), "yatim": ("yatim",), "isoman": ("isoman", "Isoman")}
RT_SPELLINGS = {"RT 04": ("RT 04", "RT 04", "RT.4", "004"), "RT 05": ("RT 05", "5"), "RT 07": ("RT 07",), "RT 09": ("RT 09", "RT 9")}
HEADER = ("No", "Tanggal", "RT", "Kode KK", "Lembaga", "Kelompok sasaran", "Jenis bantuan", "Jumlah", "Satuan", "Nilai (Rp)", "Jumlah jiwa", "Cara", "Bukti", "Keterangan", "No HP petugas")
ORPHANAGE = "Panti Asuhan Kasih Bunda (contoh)"


class Household(NamedTuple):
    """One invented household."""

    rt: str
    code: str
    members: int
    group: str


class Dice:
    """Random draws from ``random()`` alone, whose sequence Python promises to keep."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)

    def chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def whole(self, low: int, high: int) -> int:
        return low + int(self._random.random() * (high - low + 1))

    def choice(self, values: Iterable[str]) -> str:
        values = tuple(values)
        return values[self.whole(0, len(values) - 1)]

    def weighted(self, values: Iterable[tuple[str, float]]) -> str:
        values = tuple(values)
        position = self._random.random() * sum(weight for _, weight in values)
        for value, weight in values:
            position -= weight
            if position < 0:
                return value
        return values[-1][0]


def draw_households() -> list[Household]:
    """The households of every RT: a code of the RT and a number, people, and why they may need aid."""
    dice = Dice(f"{SEED} households")
    return [Household(rt, f"{rt.replace('RT ', 'RT')}-{number:03d}", dice.whole(2, 6), dice.weighted(GROUPS)) for rt, count in HOUSEHOLDS.items() for number in range(1, count + 1)]


def aid_rows(households: list[Household]) -> list[list[object]]:
    """The log of aid by date: masks from door to door, groceries for the needy, money for orphans and an orphanage."""
    rows: list[tuple[date, list[object]]] = []
    dice = Dice(f"{SEED} aid")
    for place, household in enumerate(households):
        begin = BEGINS[household.rt]
        if dice.chance(AT_HOME[household.rt]):
            day = begin + timedelta(days=int(dice.weighted((("0", 0.45), ("1", 0.25), ("2", 0.1), ("5", 0.1), ("9", 0.1)))))
            rows.append((day, _masks(household, dice)))
            if place % 41 == 7:
                rows.append((day + timedelta(days=6), _masks(household, dice)))
        if household.group in NEEDY and dice.chance(0.8) or dice.chance(0.03):
            rows.append((begin + timedelta(days=7), _groceries(household, dice)))
        if household.group == "yatim":
            rows.append((date(2021, 8, 20), _row(household, "santunan", "1", "amplop", dice.choice(("Rp100.000", "100rb", "Rp100.000,00")), "diantar", "ttd + foto", "")))
    rows.sort(key=lambda entry: entry[0])
    rows += _for_institutions()
    _soil(rows)
    return [[number, _date(day, number), *cells] for number, (day, cells) in enumerate(rows, start=1)]


def _masks(household: Household, dice: Dice) -> list[object]:
    boxes = household.members == 6 and dice.chance(0.3)
    amount, unit, value = ("1", "kotak", 60_000) if boxes else (household.members * 2, dice.choice(("lembar", "lembar", "pcs")), household.members * 2 * 1_500)
    proof = dice.weighted((("foto", 0.62), ("ttd", 0.2), ("tanda terima dan foto", 0.1), ("", 0.05), ("tidak ada", 0.03)))
    return _row(household, dice.choice(("masker", "Masker", "Masker kain")), amount, unit, value if dice.chance(0.7) else f"Rp{value:,}".replace(",", "."), "door to door", proof, "")


def _groceries(household: Household, dice: Dice) -> list[object]:
    value = dice.choice(("Rp150.000,00", "150rb", "150000", "Rp 150.000,-", "Rp150.000"))
    return _row(household, dice.choice(("sembako", "Paket sembako")), "1 paket" if dice.chance(0.3) else 1, "paket", value, dice.choice(("diantar", "balai RT")),
                dice.weighted((("ttd", 0.7), ("ttd + foto", 0.25), ("", 0.05))), "")


def _row(household: Household, kind: str, amount: object, unit: str, value: object, way: str, proof: str, note: str) -> list[object]:
    dice = Dice(f"{SEED} {household.code} {kind}")
    return [dice.choice(RT_SPELLINGS[household.rt]), household.code, "", dice.choice(SPELLINGS[household.group]), kind, amount, unit, value, household.members, way, proof, note, "0800-0000-0099"]


def _for_institutions() -> list[tuple[date, list[object]]]:
    day = date(2021, 8, 28)
    given = [("masker", "2", "kotak", "Rp120.000"), ("sembako", 5, "paket", "750rb"), ("santunan", "Rp500.000", "rupiah", ""), ("alat tulis", 25, "paket", "Rp312.500")]
    rows = [(day, ["", "", ORPHANAGE, "yatim", kind, amount, unit, value, 25, "panti", "ttd + foto", "", "0800-0000-0099"]) for kind, amount, unit, value in given]
    return [*rows, (date(2021, 8, 29), ["RT 04", "", "Posyandu Melati (contoh)", "", "hand sanitizer", 10, "botol", "Rp150.000", "", "posko", "foto", "", "0800-0000-0099"])]


def _soil(rows: list[tuple[date, list[object]]]) -> None:
    """What goes wrong when several people keep one log: a row twice, an amount in words, a blank, an RT misread, a note that says too much."""
    rows.insert(40, rows[39])
    rows[12][1][5] = "beberapa"
    rows[25][1][7] = ""
    rows[33][1][7] = "gratis"
    rows[61][1][0] = "RT 40"
    rows[75][1][5] = ""
    rows[90][1][9] = "lewat tetangga"
    rows[18][1][11] = "dititipkan ke Bu Fulanah, hubungi 0800-0000-0123"


def _date(day: date, number: int) -> str:
    months = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember")
    return f"{day.day} {months[day.month - 1]} {day.year}" if number % 7 == 3 else f"{day:%d/%m/%Y}"


def write_aid(folder: Path) -> None:
    """The log of aid as a workbook with a title above it and signatures below."""
    households = draw_households()
    book = xlsxwriter.Workbook(str(folder / "Catatan bantuan.xlsx"))
    book.set_properties({"title": "Catatan bantuan", "comments": "Data sintetis", "created": CREATED})
    bold, sheet = book.add_format({"bold": True}), book.add_worksheet("Catatan")
    sheet.write(0, 0, "CATATAN BANTUAN PKPM - KELURAHAN WAY HALIM PERMAI", bold)
    sheet.write(1, 0, "Agustus 2021 (data rekaan)")
    for column, title in enumerate(HEADER):
        sheet.write(3, column, title, bold)
    rows = aid_rows(households)
    for place, cells in enumerate(rows, start=4):
        for column, value in enumerate(cells):
            if value != "":
                sheet.write(place, column, value)
    sheet.write(len(rows) + 5, 1, "Mengetahui,")
    sheet.write(len(rows) + 6, 1, "Ketua kelompok PKPM")
    sheet.freeze_panes(4, 0)
    book.close()


def write_entitled(folder: Path) -> None:
    """The list of entitled households from the RTs: the needy, as the RTs know them."""
    dice = Dice(f"{SEED} entitled")
    listed = [household for household in draw_households() if household.group in NEEDY and dice.chance(0.94) or household.group == "umum" and dice.chance(0.02)]
    lines = ["RT;Kode KK", *(f"{household.rt};{household.code}" for household in listed)]
    (folder / "Daftar keluarga berhak.csv").write_bytes(("\ufeff" + "\r\n".join(lines) + "\r\n").encode("utf-8"))


def write_all(folder: Path) -> list[Path]:
    """Every log of the example study, written into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    write_aid(folder)
    write_entitled(folder)
    return [folder / "Catatan bantuan.xlsx", folder / "Daftar keluarga berhak.csv"]


if __name__ == "__main__":
    for written in write_all(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent):
        print(written.name)
