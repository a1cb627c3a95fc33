"""Writes the example study's tutoring sheets, attendance list and photos: invented children and painted scenes, drawn with a fixed seed.

Run ``python data/contoh/kegiatan/buat_bimbel_foto.py`` to write them again; with a folder as argument they are written there.
The attendance list takes the codes of the questionnaires beside it, so these must be there. The same version of this script
always writes the same tables and the same scenes (the bytes of a JPEG depend on the library that packs it).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import NormalDist

import xlsxwriter
from PIL import Image, ImageDraw, ImageFilter

from baksos_eval.intake.responses import read_responses
from baksos_eval.intake.study_data import StudyData
from baksos_eval.study.study import open_study

SEED = 20210810
CREATED = datetime(2021, 9, 2, 8, 0, 0)
STUDY = Path(__file__).parents[1]
FIRST_SESSION = date(2021, 8, 5)
SESSIONS = [FIRST_SESSION + timedelta(days=days) for days in (0, 5, 7, 12, 14, 19, 21, 26, 28)]
MEETINGS = (date(2021, 8, 8), date(2021, 8, 15), date(2021, 8, 22))
RT_WORDS = {"RT 04": ("RT 04", "04"), "RT 05": ("RT 05",), "RT 07": ("RT 07", "RT.7"), "RT 09": ("RT 09", "9")}


class Dice:
    """Random draws from ``random()`` alone, whose sequence Python promises to keep."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)

    def chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def choice(self, values: Sequence[str]) -> str:
        return values[int(self._random.random() * len(values))]

    def normal(self, mean: float, deviation: float) -> float:
        return mean + deviation * NormalDist().inv_cdf(min(max(self._random.random(), 1e-9), 1 - 1e-9))


# tutoring: a sheet of attendance as tutors fill it in, and the marks of two subjects

def write_tutoring(path: Path) -> None:
    """Twenty-two children of three grades, two of them without a guardian's consent; small and capital letters, a word here and there, blanks."""
    dice, book = Dice(f"{SEED} tutoring"), _workbook(path)
    bold, day = book.add_format({"bold": True}), book.add_format({"bold": True, "num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Presensi")
    sheet.write(0, 0, "PRESENSI BIMBINGAN BELAJAR", bold)
    sheet.write(1, 0, "Posko PKPM, Kelurahan Way Halim Permai (contoh rekaan)")
    header = ["No", "Kode siswa", "Kelas", "Persetujuan orang tua/wali", "No HP wali"]
    for column, text in enumerate(header):
        sheet.write(3, column, text, bold)
    for column, session in enumerate(SESSIONS, start=len(header)):
        sheet.write_datetime(3, column, datetime.combine(session, datetime.min.time()), day)
    sheet.write(3, len(header) + len(SESSIONS), "Jumlah hadir", bold)
    children = [(f"B{number:02d}", "456"[number % 3], "" if number == 8 else "tidak" if number == 17 else dice.choice(("Ya", "ya", "YA"))) for number in range(1, 23)]
    for row, (code, grade, consent) in enumerate(children, start=4):
        sheet.write_row(row, 0, [row - 3, code, int(grade), consent, f"0800-0000-{900 + row:04d}"])
        keen, came = min(max(dice.normal(0.82, 0.12), 0.3), 1.0), 0
        for column in range(len(SESSIONS)):
            mark = "H" if dice.chance(keen) else dice.choice("IISSA")
            came += mark == "H"
            if column == 0 and row > 20:
                continue                                    # the last five joined a week later
            shown = mark.lower() if dice.chance(0.15) else {"S": "sakit", "H": "hadir"}.get(mark, mark) if dice.chance(0.05) else mark
            sheet.write(row, len(header) + column, shown)
        sheet.write(row, len(header) + len(SESSIONS), came)
    sheet.write(len(children) + 5, 1, "Keterangan: H hadir, I izin, S sakit, A alpa")
    marks = book.add_worksheet("Nilai")
    marks.write_row(0, 0, ["No", "Kode siswa", "Mapel", "Pretes", "Postes"], bold)
    row = 0
    for subject, before, learnt in (("Matematika", 58, 13), ("Bahasa Inggris", 64, 5)):
        for code, *_ in children:
            if code == "B21" and subject == "Bahasa Inggris":
                continue
            pre = round(2 * dice.normal(before, 11)) / 2
            post = min(100.0, round(2 * (pre + dice.normal(learnt, 7))) / 2)
            row += 1
            shown = [_comma(pre), _comma(post)]
            if code == "B05" and subject == "Matematika":
                shown[1] = "780"                            # a slip of the fingers that nobody may guess at
            if code == "B14" and subject == "Bahasa Inggris":
                shown[1] = ""                               # ill on the day of the test
            marks.write_row(row, 0, [row, code, {"Matematika": "MTK"}.get(subject, subject) if row % 7 == 3 else subject, *shown])
    book.close()


def _comma(value: float) -> str:
    return f"{value:g}".replace(".", ",")


# the attendance list of the meetings, with the respondents' own codes

def write_attendance(path: Path) -> None:
    """Ticks for three meetings: whoever learnt more came a little oftener, guests are on the list too, and one code is mistyped."""
    dice, book = Dice(f"{SEED} attendance"), _workbook(path)
    bold, day = book.add_format({"bold": True}), book.add_format({"bold": True, "num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Hadir")
    sheet.write(0, 0, "DAFTAR HADIR PENYULUHAN", bold)
    sheet.write_row(2, 0, ["No", "Kode", "RT"], bold)
    for column, meeting in enumerate(MEETINGS, start=3):
        sheet.write_datetime(2, column, datetime.combine(meeting, datetime.min.time()), day)
    sheet.write(2, 3 + len(MEETINGS), "Tanda tangan", bold)
    rows: list[list[str]] = []
    for rt, code, change in _respondents():
        came = [dice.chance(min(max(0.52 + 0.012 * change, 0.12), 0.95)) for _ in MEETINGS]
        if any(came) or dice.chance(0.5):
            rows.append([code, dice.choice(RT_WORDS[rt]), *("v" if there else "" for there in came)])
    rows[7][0] = rows[7][0][:-1] + "X"
    rows += [[f"TAMU{number}", rt, "v", "", "v"] for number, rt in enumerate(("RT 04", "RT 05", "RT 05"), start=1)]
    for place, row in enumerate(rows, start=1):
        sheet.write_row(2 + place, 0, [place, *row])
    book.close()


def _respondents() -> list[tuple[str, str, float]]:
    """RT, code and change of knowledge of everybody who answered before and after, in the order of the codes."""
    study = open_study(STUDY)
    responses = read_responses(study)
    people = StudyData(study, responses)
    found = []
    for rt in study.expected_rts:
        data, pairing = people.of(rt)
        pre, post = (data.scores[wave]["pengetahuan_covid19"]["total"].to_numpy(float) for wave in ("pre", "post"))
        for number, label in enumerate(pairing.people["pre"]):
            if label >= 0 and pairing.people["post"][number] >= 0:
                change = post[number] - pre[number]
                found.append((rt, str(responses.frame["person"][label]).upper(), float(change) if change == change else 0.0))
    return found


# photos: painted scenes in files like those of a phone

PHOTOS = (
    ("pembagian-masker.jpg", "Pembagian masker dari rumah ke rumah", date(2021, 8, 7), "RT 04", "", "ya", "tidak", "", ""),
    ("penyuluhan.jpg", "Penyuluhan protokol kesehatan dengan jarak antarkursi", date(2021, 8, 15), "", "balai warga", "ya", "tidak", "", ""),
    ("bimbel-1.jpg", "Bimbingan belajar matematika di posko", date(2021, 8, 12), "", "posko PKPM", "ya", "ya", "ya", ""),
    ("bimbel-2.jpg", "Belajar bersama; wajah anak dikaburkan", date(2021, 8, 19), "", "posko PKPM", "ya", "ya", "", "16,5%, 34%, 13%, 17%; 40,5%, 37%, 13%, 17%; 64,5%, 34%, 13%, 17%"),
    ("sembako.jpg", "Penyerahan paket sembako kepada warga lansia", date(2021, 8, 14), "RT 07", "", "", "tidak", "", ""),
)
SKINS, SHIRTS, HAIR = ("#C68E63", "#A9744C", "#D9A679"), ("#2E6F95", "#B0413E", "#4F772D", "#8E6C8A", "#D17B0F"), ("#2B211C", "#3A2A20", "#1E1A18")


def write_photos(folder: Path) -> None:
    """The scenes with a place, a camera and a comment in their files, which no report may show, one of them lying on its side; and the sheet about them."""
    folder.mkdir(parents=True, exist_ok=True)
    painters = (_at_the_door, _meeting, _lesson, _lesson, _parcel)
    for number, ((name, *_), paint) in enumerate(zip(PHOTOS, painters, strict=True)):
        image = paint(number)
        orientation = 6 if number == 1 else 1
        stored = image.transpose(Image.Transpose.ROTATE_90) if orientation == 6 else image
        stored.save(folder / name, "JPEG", quality=78, optimize=True, exif=_metadata(orientation), comment=b"Difoto di Jalan Rekaan nomor 12")
    book = _workbook(folder / "Keterangan foto.xlsx")
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Foto")
    sheet.write_row(0, 0, ["Berkas foto", "Keterangan", "Tanggal", "RT", "Tempat", "Izin dimuat", "Ada anak", "Izin wali", "Bagian dikaburkan"], bold)
    for row, (name, caption, taken, *others) in enumerate(PHOTOS, start=1):
        sheet.write_row(row, 0, [name, caption, "", *others])
        sheet.write_datetime(row, 2, datetime.combine(taken, datetime.min.time()), day)
    book.close()


def _metadata(orientation: int) -> Image.Exif:
    """What phones write: how the picture lies, a model, a serial number, a moment, and a place (here in the sea)."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0110], exif[0x0132], exif[0x010E] = orientation, "Merek Rekaan", "HP Rekaan 5", "2021:08:12 16:20:31", "Foto rekaan dengan lokasi"
    exif.get_ifd(0x8769)[0xA431] = "SERI-REKAAN-0001"
    exif.get_ifd(0x8825).update({1: "S", 2: (5.0, 50.0, 12.0), 3: "E", 4: (104.0, 30.0, 45.0)})
    return exif


def _canvas(above: str, below: str, horizon: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (1200, 900), above)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, horizon, 1200, 900), fill=below)
    return image, draw


def _person(draw: ImageDraw.ImageDraw, x: int, top: int, size: float, place: int, masked: bool = True) -> None:
    """Somebody standing: hair, head, mask, shirt with arms, trousers."""
    def at(*corners: float) -> tuple[float, ...]:
        return tuple((x if even else top) + size * value for even, value in zip((True, False) * (len(corners) // 2), corners, strict=True))

    skin, shirt = SKINS[place % 3], SHIRTS[place % 5]
    draw.rounded_rectangle(at(-34, 215, -4, 380), 8 * size, fill="#3B4252")
    draw.rounded_rectangle(at(4, 215, 34, 380), 8 * size, fill="#3B4252")
    draw.rounded_rectangle(at(-78, 98, -48, 215), 14 * size, fill=skin)
    draw.rounded_rectangle(at(48, 98, 78, 215), 14 * size, fill=skin)
    draw.rounded_rectangle(at(-52, 88, 52, 238), 22 * size, fill=shirt)
    draw.ellipse(at(-47, -14, 47, 84), fill=HAIR[place % 3])
    draw.ellipse(at(-40, 2, 40, 90), fill=skin)
    draw.ellipse(at(-20, 34, -10, 44), fill="#221B17")
    draw.ellipse(at(10, 34, 20, 44), fill="#221B17")
    if masked:
        draw.rounded_rectangle(at(-32, 50, 32, 84), 10 * size, fill="#DCEBF5")
    else:
        draw.arc(at(-16, 48, 16, 72), 20, 160, fill="#7A3B2E", width=max(2, round(3 * size)))


def _at_the_door(number: int) -> Image.Image:
    image, draw = _canvas("#BBD7EA", "#9DB27C", 640)
    draw.ellipse((930, 60, 1040, 170), fill="#F4D98B")
    draw.rectangle((90, 250, 640, 720), fill="#F2E8D5", outline="#6B5B45", width=5)
    draw.polygon(((50, 260), (365, 90), (680, 260)), fill="#9C4A38")
    draw.rectangle((420, 430, 560, 720), fill="#7A5636", outline="#503921", width=4)
    draw.rectangle((150, 380, 330, 520), fill="#AFCBDD", outline="#6B5B45", width=5)
    _person(draw, 480, 440, 0.78, number)
    _person(draw, 830, 400, 0.95, number + 1)
    _person(draw, 1020, 410, 0.95, number + 2)
    draw.rounded_rectangle((690, 560, 790, 610), 8, fill="#E9F1F6", outline="#8DA5B5", width=3)
    return image.filter(ImageFilter.GaussianBlur(0.6))


def _meeting(number: int) -> Image.Image:
    image, draw = _canvas("#E9E0CE", "#B79B74", 560)
    draw.rectangle((360, 110, 840, 380), fill="#FDFDFB", outline="#7D6A50", width=6)
    for place in range(4):
        draw.rounded_rectangle((400, 150 + 52 * place, 560 + 60 * (place % 3), 178 + 52 * place), 6, fill=("#2E6F95", "#94B4C4", "#B0413E", "#94B4C4")[place])
    draw.ellipse((690, 190, 790, 290), fill="#CFE3EE", outline="#2E6F95", width=6)
    _person(draw, 250, 270, 0.95, number)
    for place in range(4):
        _person(draw, 210 + 260 * place, 520, 0.85, number + 1 + place)
    return image.filter(ImageFilter.GaussianBlur(0.6))


def _lesson(number: int) -> Image.Image:
    image, draw = _canvas("#E3ECE4", "#C9AE86", 600)
    draw.rectangle((620, 70, 1140, 280), fill="#2F5D50", outline="#6B4B2C", width=8)
    for place in range(3):
        draw.line((660, 120 + 55 * place, 1000 + 40 * (place % 2), 120 + 55 * place), fill="#E8F0EA", width=5)
    faces = [(275, 325), (563, 350), (850, 325)]
    for place, (x, top) in enumerate(faces):
        _person(draw, x, top, 0.95, number + place, masked=place == 1)
    draw.rectangle((100, 600, 1100, 660), fill="#8A5A34")
    draw.rectangle((140, 660, 200, 860), fill="#6F4728")
    draw.rectangle((1000, 660, 1060, 860), fill="#6F4728")
    for place in range(3):
        draw.polygon(((220 + 290 * place, 585), (330 + 290 * place, 585), (350 + 290 * place, 612), (200 + 290 * place, 612)), fill="#FBFAF4", outline="#8D8672")
    return image.filter(ImageFilter.GaussianBlur(0.6))


def _parcel(number: int) -> Image.Image:
    image, draw = _canvas("#D7E2E9", "#A9A38F", 620)
    _person(draw, 420, 300, 1.1, number)
    _person(draw, 760, 310, 1.1, number + 1)
    draw.rectangle((520, 520, 670, 640), fill="#C79A5B", outline="#7F5E30", width=5)
    draw.line((595, 520, 595, 640), fill="#7F5E30", width=4)
    return image.filter(ImageFilter.GaussianBlur(0.6))


def _workbook(path: Path) -> xlsxwriter.Workbook:
    """A workbook that says nothing about when it was really made."""
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"title": path.stem, "comments": "Data sintetis", "created": CREATED})
    return book


def write_all(folder: Path) -> None:
    """Every file, written into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    write_tutoring(folder / "Bimbingan belajar.xlsx")
    write_attendance(folder / "Daftar hadir penyuluhan.xlsx")
    write_photos(folder / "foto")


if __name__ == "__main__":
    write_all(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
