"""Partners: known by their office, their letters complete or missed, their contributions a lower bound where not all were estimated."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest

from baksos_eval.activities.activities import Activities, read_activities
from baksos_eval.activities.partners import Contribution, Partner, permission, worth
from baksos_eval.report.outreach import partner_name
from baksos_eval.report.problems import all_lines
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.stats.result import Reason
from tests.activities.small import codes, study_with, told, write_log

HEADER = ["No", "Jenis mitra", "Nama lembaga", "RT", "Peran", "No. surat izin", "Tanggal surat", "Sumbangan", "Nilai (Rp)", "Keterangan"]
GOOD = ["1", "Kelurahan", "Kelurahan Damai", "", "Izin", "140/217/2021", "14/07/2021", "Aula", "Rp250.000,00", ""]
RT = ["2", "Ketua RT", "", "RT 04", "Izin", "12/RT04/2021", "13/07/2021", "Kursi", "75rb", ""]


def read(folder: Path, rows: list[list[str]], header: list[str] = HEADER, settings: str = "", language: str = "id") -> Activities:
    write_log(folder, header, rows)
    return read_activities(study_with(folder, f'\n[activities.partners]\nfile = "catatan.csv"\n{settings}', language=language))


def changed(**cells: str) -> list[str]:
    places = {"kind": 1, "institution": 2, "rt": 3, "role": 4, "letter": 5, "letter_date": 6, "contribution": 7, "value": 8, "note": 9}
    row = list(GOOD)
    for name, text in cells.items():
        row[places[name]] = text
    return row


def test_clear_rows_are_read_without_a_remark(tmp_path: Path):
    a = read(tmp_path, [GOOD, RT])
    village, head = a.partners.partners
    assert codes(a.findings) == []
    assert village == Partner("village", "Kelurahan Damai", "", ("permission",), "140/217/2021", date(2021, 7, 14), True, True, (Contribution("venue", 250_000.0),))
    assert (head.kind, head.rt, head.permitted, head.contributions) == ("rt", "RT 04", True, (Contribution("equipment", 75_000.0),))
    assert a.partners.permission == (2, 2, 1.0, "") and a.partners.worth == (2, 2, 325_000, "")


@pytest.mark.parametrize(("cells", "code"), [
    ({"kind": ""}, "log_cell_empty"), ({"kind": "Radio kampus"}, "log_choice_own"), ({"rt": "40"}, "log_rt_unknown"), ({"letter_date": "31/02/2021"}, "log_date_unreadable"),
    ({"letter_date": "14/07/2011"}, "log_date_far"), ({"letter": "", "letter_date": ""}, "partner_letter_missing"), ({"letter": "tidak ada", "letter_date": ""}, "partner_letter_missing"),
    ({"letter": "ada", "letter_date": ""}, "partner_letter_incomplete"), ({"letter": ""}, "partner_letter_incomplete"), ({"letter_date": ""}, "partner_letter_incomplete"),
    ({"letter_date": "20/08/2021"}, "partner_letter_late"), ({"value": "-5.000"}, "log_rupiah_negative"), ({"value": "banyak"}, "log_rupiah_unreadable"), ({"value": "25"}, "log_rupiah_small"),
    ({"institution": "Sulastri"}, "partner_name_hidden"), ({"contribution": "Doa"}, "log_choice_own"),
])
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_fault_is_told_with_its_place(tmp_path: Path, cells: dict[str, str], code: str, language: str):
    a = read(tmp_path, [RT, changed(**cells)], settings="begins = 2021-08-04\n", language=language)
    finding = told(a.findings, code)
    assert finding.where[0].row == 3 and len(a.partners.partners) == 2
    assert all(line.strip() and "{" not in line for line in all_lines(a.findings, words(language)))
    assert code != "partner_letter_late" or ("4 Agustus 2021" if language == "id" else "4 August 2021") in "".join(all_lines(a.findings, words(language)))


def test_one_partner_in_several_rows_is_one(tmp_path: Path):
    a = read(tmp_path, [RT, ["3", "ketua rt", "", "4", "Mengumpulkan warga", "", "", "Balai RT", "300.000", ""], GOOD])
    head, village = a.partners.partners
    assert head.roles == ("permission", "contact") and [given.value for given in head.contributions] == [75_000, 300_000] and head.permitted
    assert codes(a.findings) == [] and [kind for kind, _ in a.partners.contributions] == ["equipment", "venue"]


def test_of_whom_a_letter_is_expected_is_for_the_study_to_say(tmp_path: Path):
    rows = [changed(kind="Warga", institution="", rt="RT 05", letter="", letter_date=""), RT]
    assert read(tmp_path, rows).partners.permission.asked == 1
    everybody = read(tmp_path / "b", rows, settings='letters_from = ["rt", "resident"]\n')
    assert everybody.partners.permission == (2, 1, 0.5, "") and told(everybody.findings, "partner_letter_missing").where[0].row == 2
    assert permission([Partner("resident")]).note == Reason.NO_DENOMINATOR


def test_what_nobody_estimated_is_not_zero(tmp_path: Path):
    a = read(tmp_path, [changed(value=""), RT])
    assert a.partners.worth == (2, 1, 75_000, "") and math.isnan(dict(a.partners.contributions)["venue"].rupiah)
    assert worth([Contribution("work", None)]).note == Reason.INCOMPLETE and worth([]).given == 0


def test_a_head_of_an_rt_is_no_signature(tmp_path: Path):
    """A row that begins with an office and says little looks like the end of a table."""
    rows = [row[1:4] for row in (GOOD, changed(kind="Ketua RT", institution="", rt="RT 04"), RT, changed(kind="Warga", institution="", rt="RT 05"))]
    a = read(tmp_path, [*rows, ["", "", ""], ["Ketua RT 04,", "", ""], ["Ketua RT", "", ""]], HEADER[1:4])
    assert [partner.kind for partner in a.partners.partners] == ["village", "rt", "resident"] and told(a.findings, "log_rows_below").count == 2


def test_the_partners_of_one_rt(tmp_path: Path):
    a = read(tmp_path, [GOOD, RT])
    assert [partner.kind for partner in a.of_rt("RT.4").partners.partners] == ["rt"] and a.of_rt("RT 05").partners is None


@pytest.mark.parametrize(("partner", "indonesian", "english"), [
    (Partner("rt", rt="RT 04"), "Ketua RT 04", "Head of RT 04"), (Partner("resident", rt="RT 05"), "Warga RT 05", "Residents of RT 05"),
    (Partner("resident"), "Warga", "Residents"), (Partner("foundation", "Panti Asuhan Kasih"), "Panti Asuhan Kasih", "Panti Asuhan Kasih"),
    (Partner("worship", rt="RT 05"), "Rumah ibadah, RT 05", "House of worship, RT 05"), (Partner("Radio kampus"), "Radio kampus", "Radio kampus")])
def test_partners_are_called_by_their_office(partner: Partner, indonesian: str, english: str):
    assert (partner_name(partner, words("id")), partner_name(partner, words("en"))) == (indonesian, english)


def test_a_log_without_its_columns_is_not_used(tmp_path: Path):
    a = read(tmp_path, [["a", "b"]], ["Siapa", "Apa"])
    assert a.partners is None and told(a.fatal, "log_column_missing").details["name"] == "kind"


PEOPLE = ("Sulastri Handayani", "081234567890", "sulastri@contoh.id", "3275014507890003")


def test_nobody_is_recognisable_in_what_is_kept(tmp_path: Path):
    rows = [[*changed(kind="Ketua RT", institution=PEOPLE[0], rt="RT 04", note=f"hubungi {PEOPLE[1]}"), *PEOPLE],
            [*changed(kind="Yayasan", institution="Bapak Hendro Wicaksono", note=f"surat ke {PEOPLE[2]}"), *PEOPLE],
            [*changed(kind="Yayasan", institution="Sulastri", letter=f"surat Bu Sulastri {PEOPLE[3]}"), *PEOPLE],
            [*changed(kind="Bu Sulastri", institution=""), *PEOPLE]]
    a = read(tmp_path, rows, [*HEADER, "Nama", "HP", "Email", "NIK"])
    kept = repr((a.partners, a.findings)) + "".join(all_lines(a.findings, words("id"))) + "".join(partner_name(partner, words("id")) for partner in a.partners.partners)
    assert [text for text in (*PEOPLE, "Sulastri", "Handayani", "Hendro", "Wicaksono") if text in kept] == []
    assert set(PEOPLE) <= a.contacts and not any(text in repr(a) for text in PEOPLE)
