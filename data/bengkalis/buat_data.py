"""Writes the logs of the second example: an invented bakti sosial in Bengkalis, drawn with a fixed seed, in files as students really keep them.

Run ``python data/bengkalis/buat_data.py`` to write them again; with a folder as argument they are written there. The same
version of this script always writes the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random

import xlsxwriter
from PIL import Image, ImageDraw

SEED = 20210918
CREATED = datetime(2021, 9, 20, 8, 0, 0)
DAYS = (date(2021, 9, 11), date(2021, 9, 12), date(2021, 9, 18))
RTS = {"RT 02": 34, "RT 05": 28, "RT 07": 19}
SPELLINGS = {"RT 02": ("RT 02", "RT.2", "002"), "RT 05": ("RT 05", "RT 5", "RT.05"), "RT 07": ("RT 07", "7", "rt 07")}
GROUPS = ("miskin", "lansia", "janda", "disabilitas")
FIRST = ("Amran", "Basri", "Darmawi", "Emrizal", "Firdaus", "Ghazali", "Hasnah", "Idris", "Jamilah", "Kamariah", "Latifah", "Mahyudin", "Nurlela", "Ombak",
         "Rusli", "Salmah", "Tarmizi", "Usman", "Wan Azman", "Zubaidah")
LAST = ("", " bin Saleh", " bin Yusuf", " binti Daud", " binti Umar", " Harahap", " Nasution")
MASKS, FOOD, MONEY = "Masker", "Paket sembako", "Santunan"


@dataclass(frozen=True)
class Household:
    """One invented household: its number, its head, and why it is entitled to aid (empty when it is not)."""

    number: str
    head: str
    rt: str
    group: str


class Draw:
    """Random draws from ``random()`` alone, whose sequence Python promises to keep."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)

    def share(self) -> float:
        return self._random.random()

    def chance(self, probability: float) -> bool:
        return self.share() < probability

    def choice(self, values: Sequence[str]) -> str:
        return values[int(self.share() * len(values))]


def households() -> list[Household]:
    """Every household of the three RTs; about three in four are entitled."""
    draw = Draw(f"{SEED} households")
    found = []
    for rt, count in RTS.items():
        for number in range(1, count + 1):
            group = draw.choice(GROUPS) if draw.chance(0.74) else ""
            # the eleventh digit would be a month in a real number; 99 is none
            found.append(Household(f"140301{number:02d}9921{rt[-2:]}{int(draw.share() * 9000) + 1000:04d}", draw.choice(FIRST) + draw.choice(LAST), rt, group))
    return found


def aid(people: Iterable[Household]) -> list[list[object]]:
    """The rows of the log as three groups of students wrote them: spellings of RTs, amounts in words, a household twice, missing proof."""
    draw = Draw(f"{SEED} aid")
    rows: list[list[object]] = []
    for place, household in enumerate(people):
        reached = draw.chance(0.9 if household.group else 0.25)
        if not reached:
            continue
        day = DAYS[0] if household.rt == "RT 02" else DAYS[1]
        rt = draw.choice(SPELLINGS[household.rt])
        common = [day, rt, household.number, household.head, "", household.group or "umum"]
        rows.append([*common, MASKS, 10, "lembar", draw.choice(("Rp10.000,00", "10rb", "10.000")), "rumah ke rumah", _proof(draw), ""])
        if household.group:
            rows.append([*common, FOOD, 1, "paket", draw.choice(("Rp150.000,00", "150rb", "Rp 150.000,-")), "rumah ke rumah", _proof(draw), ""])
        if household.group in ("lansia", "janda"):
            rows.append([*common, MONEY, 1, "amplop", draw.choice(("Rp100.000,00", "100 ribu", "100.000")), "rumah ke rumah", _proof(draw),
                         "diterima anaknya" if place % 9 == 0 else ""])
    twice = next(row for row in rows if row[6] == FOOD)
    rows.append([DAYS[2], *twice[1:-1], "tercatat dua kali?"])
    orphans = [DAYS[2], "", "", "", "Panti asuhan (contoh)", "yatim"]
    rows += [[*orphans, MASKS, 3, "kotak", "Rp90.000,00", "ke panti", "tanda terima", "1 kotak isi 50"],
             [*orphans, FOOD, 12, "paket", "Rp1.800.000,00", "ke panti", "tanda terima", ""],
             [*orphans, MONEY, 1, "amplop", "Rp2.500.000,00", "ke panti", "tanda terima", "diserahkan kepada pengurus"]]
    return rows


def _proof(draw: Draw) -> str:
    return draw.choice(("tanda terima", "foto", "tanda terima", "foto", "foto", ""))


def write_aid(path: Path, people: Sequence[Household]) -> None:
    """A workbook with a title above the table, totals and a place to sign below it, and the list of entitled households on a second sheet."""
    with _workbook(path) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("Bantuan")
        sheet.write(0, 0, "CATATAN PENYALURAN BANTUAN BAKTI SOSIAL", bold)
        sheet.write(1, 0, "Kelurahan Damon, Kecamatan Bengkalis (contoh rekaan)")
        header = ("No", "Tanggal", "RT", "Nomor KK", "Kepala Keluarga", "Lembaga", "Sasaran", "Jenis bantuan", "Jumlah", "Satuan", "Nilai (Rp)", "Cara penyaluran", "Bukti", "Keterangan")
        sheet.write_row(3, 0, header, bold)
        rows = aid(people)
        for place, row in enumerate(rows):
            sheet.write(4 + place, 0, place + 1)
            sheet.write_datetime(4 + place, 1, datetime.combine(row[0], datetime.min.time()), day)
            sheet.write_row(4 + place, 2, row[1:])
        end = 4 + len(rows)
        sheet.write(end, 0, "JUMLAH", bold)
        sheet.write(end, 8, sum(int(row[7]) for row in rows), bold)
        sheet.write(end + 2, 10, "Bengkalis, 20 September 2021")
        sheet.write(end + 3, 10, "Ketua pelaksana,")
        listed = book.add_worksheet("KK layak")
        listed.write_row(0, 0, ("RT", "Nomor KK", "Kepala Keluarga", "Sasaran"), bold)
        for place, household in enumerate(household for household in people if household.group):
            listed.write_row(1 + place, 0, (household.rt, household.number, household.head, household.group))


def write_partners(path: Path) -> None:
    """The partners with their letters; one letter has not come yet."""
    with _workbook(path) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("Mitra")
        sheet.write_row(0, 0, ("Jenis mitra", "Nama lembaga", "RT", "Peran", "No. surat", "Tanggal surat", "Bentuk kontribusi", "Nilai (Rp)", "Keterangan"), bold)
        rows = (("kelurahan", "Kelurahan Damon", "", "izin", "045/12/Pem/2021", date(2021, 9, 3), "", "", ""),
                ("kelurahan", "Kelurahan Damon", "", "data", "", None, "", "", "daftar KK layak"),
                ("ketua RT", "", "RT 02", "penghubung", "001/RT02/2021", date(2021, 9, 5), "pendampingan", "", ""),
                ("ketua RT", "", "RT 05", "penghubung", "002/RT05/2021", date(2021, 9, 5), "pendampingan", "", ""),
                ("ketua RT", "", "RT 07", "penghubung", "", None, "pendampingan", "", "surat menyusul"),
                ("panti asuhan", "Panti asuhan (contoh)", "", "tempat", "15/PA/2021", date(2021, 9, 8), "aula", "", ""),
                ("usaha", "Koperasi taruna (contoh)", "", "donatur", "07/Kop/2021", date(2021, 9, 1), "sembako", "Rp2.000.000,00", ""))
        for place, row in enumerate(rows, start=1):
            sheet.write_row(place, 0, [cell if not isinstance(cell, date) else "" for cell in row])
            if row[5]:
                sheet.write_datetime(place, 5, datetime.combine(row[5], datetime.min.time()), day)


PICTURES = (
    ("rumah ke rumah.jpg", "Paket sembako diantar ke rumah warga", date(2021, 9, 11), "RT 02", "", "ya", "tidak", ""),
    ("masker.jpg", "Masker dibagikan kepada warga", date(2021, 9, 12), "RT 05", "", "ya", "tidak", ""),
    ("panti.jpg", "Penyerahan bantuan di panti asuhan", date(2021, 9, 18), "", "Panti asuhan (contoh)", "ya", "ya", "ya"),
    ("sembako.jpg", "Paket sembako sebelum dibagikan", date(2021, 9, 10), "", "Sekretariat", "ya", "tidak", ""),
    ("warga.jpg", "Warga menerima santunan", date(2021, 9, 12), "RT 07", "", "belum", "tidak", ""),
)


def write_photos(folder: Path) -> None:
    """Painted scenes instead of photos, with a place and a comment in their metadata that no report may show; and the sheet of captions."""
    folder.mkdir(exist_ok=True)
    for number, (name, *_) in enumerate(PICTURES):
        _paint(number).save(folder / name, quality=80, exif=_metadata(), comment=b"Rumah di Jalan Contoh 12")
    with _workbook(folder / "Keterangan foto.xlsx") as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("Foto")
        sheet.write_row(0, 0, ("Berkas", "Keterangan", "Tanggal", "RT", "Tempat", "Izin", "Ada anak", "Izin wali"), bold)
        for place, (name, caption, taken, *others) in enumerate(PICTURES, start=1):
            sheet.write_row(place, 0, (name, caption, "", *others))
            sheet.write_datetime(place, 2, datetime.combine(taken, datetime.min.time()), day)


def _metadata() -> Image.Exif:
    """A camera, a moment and a place, as every phone writes them."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0132] = "Kamera contoh", "Model contoh", "2021:09:11 09:30:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (1.0, 28.0, 12.0), 3: "E", 4: (102.0, 6.0, 30.0)})
    return exif


def _paint(number: int) -> Image.Image:
    """A simple scene: ground, a house or a table, people without faces, and what they carry."""
    draw_colours = (("#BFD9EA", "#9DB77B"), ("#D8E6EF", "#C6B48A"), ("#EADFCB", "#A88F6B"), ("#E9E4DA", "#8D7B63"), ("#C9DCE8", "#A5A58A"))
    sky, ground = draw_colours[number]
    image = Image.new("RGB", (960, 640), sky)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 430, 960, 640), fill=ground)
    if number != 3:
        draw.rectangle((60, 190, 420, 470), fill="#F3EEE2", outline="#6B5B45", width=4)
        draw.polygon(((40, 190), (240, 90), (440, 190)), fill="#8C4A35")
        draw.rectangle((200, 310, 290, 470), fill="#7A5C3E")
    for place in range(2 + number % 3):
        x = 520 + 130 * place
        draw.ellipse((x - 32, 250, x + 32, 314), fill="#C58F6B")
        draw.rectangle((x - 30, 286, x + 30, 312), fill="#E8F1F6")
        draw.rounded_rectangle((x - 48, 318, x + 48, 500), 20, fill=("#31587A", "#7A3131", "#3C6E47", "#6E5A3C")[place % 4])
    for place in range(3):
        x = 470 + 90 * place
        draw.rectangle((x, 500 - 40 * (number == 3), x + 70, 570), fill="#C9A063", outline="#6B5B45", width=3)
    return image


class _workbook:
    """A workbook whose bytes do not depend on the clock."""

    def __init__(self, path: Path) -> None:
        self._book = xlsxwriter.Workbook(str(path), {"in_memory": True})
        self._book.set_properties({"created": CREATED})

    def __enter__(self) -> xlsxwriter.Workbook:
        return self._book

    def __exit__(self, *_: object) -> None:
        self._book.close()


def main(folder: Path) -> None:
    """Writes every file of the study."""
    people = households()
    write_aid(folder / "Catatan bantuan.xlsx", people)
    write_partners(folder / "Mitra.xlsx")
    write_photos(folder / "foto")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
