"""Writes the example study's posts, partners and answers about satisfaction: invented, drawn with a fixed seed, untidy as such files are.

Run ``python data/contoh/kegiatan/buat_unggahan_mitra.py`` to write them again; with a folder as argument they are written
there. The same version of this script always writes the same bytes.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import xlsxwriter

from baksos_eval.study.instrument import load_instrument

SEED = 20210805
POSTS, PARTNERS = "Ekspor Instagram Agustus 2021.csv", "Mitra dan kepuasan.xlsx"
CREATED = datetime(2021, 9, 3, 8, 0, 0)
QUESTIONNAIRE = load_instrument("kepuasan_mitra")

EXPORT_HEADER = ("ID postingan", "ID akun", "Nama pengguna akun", "Nama akun", "Deskripsi", "Durasi (detik)", "Waktu penerbitan", "Permalink", "Jenis postingan", "Komentar data",
                 "Tanggal", "Impresi", "Jangkauan", "Suka", "Frekuensi dibagikan", "Mengikuti", "Komentar", "Frekuensi disimpan")
CAPTIONS: Sequence[tuple[str, str, str, float]] = (   # day and hour, kind, caption, how far it goes
    ("2021-08-05 16:10", "IG image", "Kenalan dulu, yuk! Selama sebulan kami belajar bersama warga.\n#PKPM #WayHalim", 1.0),
    ("2021-08-06 19:30", "IG carousel", "Masker menutup hidung DAN mulut. Geser untuk cara memakainya.\n#5M #masker", 1.2),
    ("2021-08-09 17:05", "IG image", "Cuci tangan pakai sabun 20 detik, bukan air saja.\n#5M #cucitangan", 0.9),
    ("2021-08-11 18:45", "IG reel", "Benarkah virus menular lewat jaringan 5G? Cek faktanya.\n#hoaks", 2.1),
    ("2021-08-12 12:00", "IG story", "Jadwal pembagian masker di balai RT.\nNarahubung 0800-0000-0417", 0.5),
    ("2021-08-14 16:20", "IG carousel", "Vaksin: apa yang dilindungi, siapa yang boleh menerima? Ibu hamil juga boleh.\n#vaksin", 1.4),
    ("2021-08-17 09:00", "IG image", "Dirgahayu Republik Indonesia ke-76!", 1.6),
    ("2021-08-19 19:10", "IG reel", "Jaga jarak dan jauhi kerumunan, di dalam maupun di luar ruangan.\n#5M", 1.8),
    ("2021-08-21 17:40", "IG image", "Sudah vaksin lengkap? Tetap pakai masker, ya.\n#vaksin #masker", 1.0),
    ("2021-08-24 18:00", "IG carousel", "Isolasi mandiri: kapan selesai, kapan harus ke puskesmas?\n#isoman", 1.1),
    ("2021-08-27 16:30", "IG story", "Terima kasih warga RT 04, 05, 07, dan 09!", 0.6),
    ("2021-08-28 10:15", "IG reel", "Sehari bersama relawan: sembako untuk lansia.", 1.3),
)
PARTNER_HEADER = ("No", "Jenis mitra", "Nama lembaga", "RT", "Peran", "No. surat izin", "Tanggal surat", "Bentuk kontribusi", "Nilai (Rp)", "Keterangan")
PARTNER_ROWS = (
    ("Kelurahan", "Kelurahan Way Halim Permai", "", "Perizinan", "140/217/VI.15/2021", "02/08/2021", "Aula", "Rp250.000,00", ""),
    ("Ketua RT", "", "RT 04", "Perizinan", "012/RT.04/VIII/2021", "03/08/2021", "Balai RT", "300.000", ""),
    ("Ketua RT", "", "RT 04", "Mengumpulkan warga", "012/RT.04/VIII/2021", "03/08/2021", "Kursi", "75rb", ""),
    ("Ketua RT", "", "RT 05", "Izin", "008/RT.05/VIII/2021", "3 Agustus 2021", "Pengeras suara", 150000, ""),
    ("Pak RT", "", "7", "Izin", "ada", "", "Kursi", "100rb", "nomor surat menyusul"),
    ("Ketua RT", "", "RT 09", "Izin", "", "", "", "", "izin lisan"),
    ("Warga", "", "RT 04", "Membantu", "", "", "Tenaga warga", "", "gotong royong membersihkan balai"),
    ("Warga", "", "RT 05", "Membantu", "", "", "Konsumsi", "200.000", ""),
    ("Puskesmas", "Puskesmas Way Halim (contoh)", "", "Memberi data", "440/1120/2021", "06/08/2021", "Narasumber", "500rb", ""),
    ("Panti asuhan", "Panti Asuhan Kasih Bunda (contoh)", "", "Penerima manfaat", "05/PA/VIII/2021", "03/08/2021", "Ruang", "", ""),
    ("UMKM", "Toko Sumber Rejeki (contoh)", "", "Donatur", "", "", "Sembako", "1,2 jt", ""),
)
ANSWERS = {"ts": ("Tidak setuju", "TS", 1), "ks": ("Kurang setuju", "KS", 2), "s": ("Setuju", "S", 3), "ss": ("Sangat setuju", "SS", 4)}
LEVEL = {"Mitra": (0.62, 0.55, 0.5, 0.7, 0.6, 0.65, 0.8, 0.55, 0.45), "Warga": (0.5, 0.4, 0.28, 0.62, 0.45, 0.5, 0.7, 0.33, 0.3)}


def write_posts(folder: Path) -> None:
    """An export of Meta Business Suite with Indonesian headers; one post stands there twice, from an earlier export."""
    random = Random(f"{SEED} posts")
    rows = []
    for number, (moment, kind, caption, far) in enumerate(CAPTIONS):
        reach = round(190 * far * (0.85 + 0.3 * random.random()) + 6 * number)
        shown = round(reach * (1.15 + 0.5 * random.random()))
        likes = round(reach * (0.07 + 0.06 * random.random()))
        done = {"shares": round(reach * 0.03 * random.random()), "follows": round(3 * random.random()), "comments": round(reach * 0.02 * random.random()), "saves": round(reach * 0.04 * random.random())}
        posted = datetime.fromisoformat(moment)
        code = "".join("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"[int(57 * random.random())] for _ in range(9))
        path = {"IG reel": "reel", "IG story": "stories"}.get(kind, "p")
        story = kind == "IG story"
        rows.append([f"1790{number:013d}", "17841400000000000", "pkpm.contoh.rekaan", "Akun contoh rekaan", caption, 38 if kind == "IG reel" else 0, f"{posted:%m/%d/%Y %H:%M}",
                     f"https://www.instagram.com/{path}/CS{code}/", kind, "", "Lifetime", f"{shown:,}", f"{reach:,}", likes, done["shares"], done["follows"], done["comments"], "" if story else done["saves"]])
    earlier = list(rows[3])
    earlier[11:14] = [f"{round(int(earlier[11].replace(',', '')) * 0.7):,}", f"{round(int(earlier[12].replace(',', '')) * 0.7):,}", round(earlier[13] * 0.7)]
    rows.insert(4, earlier)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(EXPORT_HEADER)
    writer.writerows(rows)
    (folder / POSTS).write_bytes(("\ufeff" + text.getvalue()).encode("utf-8"))


def write_partners(folder: Path) -> None:
    """A workbook with the log of partners below a title, and a sheet of a form about satisfaction."""
    book = xlsxwriter.Workbook(str(folder / PARTNERS))
    book.set_properties({"title": "Mitra dan kepuasan", "comments": "Data sintetis", "created": CREATED})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("Mitra")
    sheet.write(0, 0, "DAFTAR MITRA KEGIATAN (CONTOH REKAAN)", bold)
    sheet.write_row(2, 0, PARTNER_HEADER, bold)
    for place, row in enumerate(PARTNER_ROWS):
        sheet.write_row(3 + place, 0, (place + 1, *row))
    sheet.set_column(1, len(PARTNER_HEADER), 18)
    answers = book.add_worksheet("Kepuasan")
    answers.write_row(0, 0, ("Cap waktu", "Apakah Anda bersedia mengisi kuesioner ini?", "Anda mewakili", "Nomor WhatsApp", *(f"{number}. {item.text.id}" for number, item in enumerate(QUESTIONNAIRE.items, start=1))), bold)
    for place, row in enumerate(_answers()):
        answers.write_row(1 + place, 0, row)
    book.close()


def _answers() -> list[list[object]]:
    """People as a form lists them: two groups, several ways to write an answer, gaps, and one who does not agree."""
    random = Random(f"{SEED} satisfaction")
    rows: list[list[object]] = []
    for number in range(35):
        group = "Mitra" if number % 5 == 1 else "Warga"
        mood = 0.24 * (random.random() - 0.5)
        given: list[object] = []
        for share in LEVEL[group]:
            draw = random.random() + mood
            code = "ss" if draw < 0.62 * share else "s" if draw < 0.55 + 0.45 * share else "ks" if draw < 0.97 else "ts"
            given.append("" if random.random() < 0.02 else ANSWERS[code][0 if number % 9 else 1])
        moment = datetime(2021, 8, 30, 8, 0) + timedelta(minutes=47 * number)
        rows.append([f"{moment:%d/%m/%Y %H.%M.%S}", "Tidak bersedia" if number == 13 else "Ya", group.upper() if number == 16 else group, f"0800-0000-{1000 + 37 * number}", *given])
    rows[13][4:] = [""] * 9
    rows[20][6] = "S/SS"
    return rows


def write_all(folder: Path) -> list[Path]:
    """Both files, written into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    write_posts(folder)
    write_partners(folder)
    return [folder / POSTS, folder / PARTNERS]


if __name__ == "__main__":
    for written in write_all(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent):
        print(written.name)
