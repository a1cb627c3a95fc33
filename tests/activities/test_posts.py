"""Posts: read from our sheet and from Meta's exports with everything that happens to them; reach is never added, impressions and views never mixed."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baksos_eval.activities.activities import Activities, read_activities
from baksos_eval.activities.posts import (
    INTERACTIONS,
    Post,
    engagement_by_followers,
    engagement_by_reach,
    growth,
    interactions,
    summarise_posts,
    total_reach,
    total_shown,
    total_shown_together,
)
from baksos_eval.report.problems import all_lines
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.stats.result import Reason, missing_fields
from tests.activities.small import codes, study_with, told

ENGLISH = ["Post ID", "Account ID", "Account username", "Account name", "Description", "Duration (sec)", "Publish time", "Permalink", "Post type", "Data comment", "Date", "Views", "Reach",
           "Likes", "Shares", "Follows", "Comments", "Saves"]
INDONESIAN = ["ID postingan", "ID akun", "Nama pengguna akun", "Nama akun", "Deskripsi", "Durasi (detik)", "Waktu penerbitan", "Permalink", "Jenis postingan", "Komentar data", "Tanggal", "Tayangan",
              "Jangkauan", "Suka", "Frekuensi dibagikan", "Mengikuti", "Komentar", "Frekuensi disimpan"]
OURS = ["Tanggal unggah", "Judul", "Topik", "Format", "Tautan", "Jangkauan", "Banyak tayang", "Hitungan", "Suka", "Komentar", "Dibagikan", "Disimpan", "Pengikut"]
GOOD = ["14/08/2021", "Masker", "Masker", "reels", "https://www.instagram.com/reel/abc/", "400", "600", "impresi", "40", "3", "5", "2", "500"]
TOPICS = """
[activities.posts.topics.masks]
label = { id = "Masker", en = "Masks" }
words = ["masker"]
items = ["k1"]
[activities.posts.topics.vaccine]
label = { id = "Vaksinasi", en = "Vaccination" }
words = ["vaksin", "#imunisasi"]
items = ["k2", "k3"]
"""
READ = ["log_columns_ignored", "log_contacts_dropped"]


def exported(number: int = 1, moment: str = "08/14/2021 09:15", caption: str = "Pakai masker", kind: str = "IG image", scope: str = "Lifetime", shown: str = "600", reach: str = "400",
             likes: str = "40", shares: str = "5", comments: str = "3", saves: str = "2") -> list[str]:
    return [f"1790000000000{number:04d}", "17841400000000001", "rani.contoh", "Rani Contoh", caption, "0", moment, f"https://www.instagram.com/p/CS{number}/", kind, "", scope, shown, reach,
            likes, shares, "1", comments, saves]


def read(folder: Path, rows: Sequence[Sequence[object]], header: Sequence[str] = ENGLISH, settings: str = TOPICS, name: str = "unggahan.csv", language: str = "id") -> Activities:
    folder.mkdir(parents=True, exist_ok=True)
    if name.endswith(".xlsx"):
        from openpyxl import Workbook

        book = Workbook()
        for row in (header, *rows):
            book.active.append(list(row))
        book.save(folder / name)
    else:
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([header, *rows])
    return read_activities(study_with(folder, f'\n[activities.posts]\nfile = "{name}"\n{settings}', language=language))


def one(folder: Path, row: Sequence[object], header: Sequence[str] = ENGLISH, **other: str) -> tuple[Post, list[str]]:
    """The one post of a log, and what was noticed beside what every export has."""
    a = read(folder, [row], header, **other)
    (post,) = a.posts.posts
    return post, [code for code in codes(a.findings) if code not in READ]


# measures

def test_interactions_need_all_four_and_the_rate_needs_its_base():
    post = Post(1, None, reach=400, followers=500, likes=40, comments=3, shares=5, saves=2)
    assert interactions(post) == 50 and engagement_by_reach(post) == (50, 400, 12.5, "") and engagement_by_followers(post).percent == 10
    for name in INTERACTIONS:
        lacking = engagement_by_reach(Post(1, None, reach=400, **{other: 1 for other in INTERACTIONS if other != name}))
        assert math.isnan(lacking.percent) and lacking.note == Reason.INCOMPLETE
    for base, reason in ((None, Reason.INCOMPLETE), (0, Reason.NO_DENOMINATOR)):
        assert engagement_by_reach(Post(1, None, reach=base, likes=1, comments=0, shares=0, saves=0)).note == reason
    assert engagement_by_reach(Post(1, None, reach=400, likes=40, comments=3, shares=5, saves=2, by_day=True)).note == Reason.NOT_ADDITIVE


def test_reach_is_never_added():
    posts = [Post(1, None, reach=300), Post(2, None, reach=200)]
    assert math.isnan(total_reach(posts).total) and total_reach(posts).note == Reason.NOT_ADDITIVE
    assert total_reach(posts[:1]) == (1, 1, 300, "") and total_reach([Post(1, None)]).note == Reason.INCOMPLETE
    assert total_reach([Post(1, None, by_day=True)]).note == Reason.NOT_ADDITIVE


def test_impressions_and_views_are_two_series():
    posts = [Post(1, None, shown=9, definition="views"), Post(2, None, shown=5, definition="impressions"), Post(3, None, shown=1, definition="views"), Post(4, None)]
    assert [total_shown(posts, definition).total for definition in ("impressions", "views")] == [5, 10]
    assert math.isnan(total_shown_together(posts).total) and total_shown_together(posts).note == Reason.MIXED_DEFINITIONS
    assert total_shown_together([posts[0], posts[2]]).total == 10
    assert total_shown_together([*posts, Post(5, None, shown=3)]).note == Reason.NOT_DECLARED
    assert set(summarise_posts(posts).shown) == {"impressions", "views"}


def test_followers_grow_from_the_first_to_the_last_post_that_tells():
    days = [Post(1, date(2021, 8, day), followers=followers) for day, followers in ((1, 200), (5, None), (9, 260))]
    assert growth(days) == (2, 200, 260, 60, "") and growth(days[:2]).note == Reason.TOO_FEW and growth(days[1:2]).note == Reason.INCOMPLETE


counts = st.none() | st.integers(0, 10**6)
post = st.builds(Post, number=st.just(0), day=st.none() | st.dates(date(2020, 1, 1), date(2022, 1, 1)), reach=counts, shown=counts, definition=st.sampled_from(["", "impressions", "views"]), likes=counts,
                 comments=counts, shares=counts, saves=counts, followers=counts, by_day=st.booleans(), format=st.sampled_from(["", "feed", "reels"]), row=st.integers(1, 99))


@given(st.lists(post, max_size=8))
def test_every_missing_number_has_a_reason_and_no_other_has(posts: list[Post]):
    found = summarise_posts(posts)
    leaves = [found.reach, found.together, found.followers, *found.shown.values(), *(leaf for group in (found.all, *found.formats) for leaf in (group.reach, group.by_reach, group.by_followers, *group.totals.values())),
              *(measure(entry) for entry in found.posts for measure in (engagement_by_reach, engagement_by_followers))]
    for leaf in leaves:
        gone = [name for name in missing_fields(leaf) if name not in ("interactions", "accounts")]
        assert bool(gone) == bool(leaf.note), leaf
    assert [entry.number for entry in found.posts] == list(range(1, len(posts) + 1))
    assert sum(len(group.posts) for group in found.formats) == len(posts)


# exports of Meta

@pytest.mark.parametrize("header", [ENGLISH, INDONESIAN], ids=["en", "id"])
@pytest.mark.parametrize("name", ["unggahan.csv", "unggahan.xlsx"])
def test_an_export_is_read_in_both_languages_and_files(tmp_path: Path, header: list[str], name: str):
    a = read(tmp_path, [exported(), exported(2, "08/05/2021 21:40", "Ayo #imunisasi, jangan takut", "IG reel", shown="1,234", reach="1,000"), exported(3, "08/20/2021 07:00", "Lomba", "IG story", saves="")], header, name=name)
    first, second, third = a.posts.posts
    assert (first.day, first.format, first.topics, first.definition, first.shown, first.reach) == (date(2021, 8, 5), "reels", ("vaccine",), "views", 1234, 1000)
    assert (second.day, second.format, second.topics, second.likes, second.saves, second.followers, second.linked) == (date(2021, 8, 14), "feed", ("masks",), 40, 2, None, True)
    assert (third.format, third.topics, third.saves) == ("story", (), None) and a.posts.without_topic == (3,)
    assert [group.posts for group in a.posts.topics] == [(2,), (1,)]
    assert codes(a.findings) == [*READ, "posts_without_topic"] and not any(post.title for post in a.posts.posts)


def test_the_month_comes_first_even_where_the_column_does_not_tell(tmp_path: Path):
    a = read(tmp_path, [exported(1, "08/05/2021 09:15"), exported(2, "08/06/2021 09:15")])
    assert [post.day for post in a.posts.posts] == [date(2021, 8, 5), date(2021, 8, 6)]
    assert told(a.findings, "posts_dates_month_first").details["found"] == "08/05/2021 09:15"
    declared = read(tmp_path / "b", [exported(1, "05/08/2021 09:15")], settings='dates = "day_first"')
    assert declared.posts.posts[0].day == date(2021, 8, 5) and not [code for code in codes(declared.findings) if "dates" in code]


def test_an_export_saved_again_with_the_day_first_is_told(tmp_path: Path):
    a = read(tmp_path, [exported(1, "14/08/2021 9.15"), exported(2, "05/08/2021 9.15")])
    assert [post.day for post in a.posts.posts] == [date(2021, 8, 5), date(2021, 8, 14)] and told(a.findings, "posts_dates_day_first")


def test_dates_that_excel_has_turned_are_turned_back(tmp_path: Path):
    """An Indonesian Excel takes 08/05/2021 for the 8th of May and leaves 08/14/2021 as text."""
    rows = [exported(1), exported(2), exported(3)]
    rows[0][6], rows[1][6] = datetime(2021, 5, 8, 9, 15), datetime(2021, 6, 8, 21, 0)
    a = read(tmp_path, rows, name="unggahan.xlsx")
    assert [post.day for post in a.posts.posts] == [date(2021, 8, 5), date(2021, 8, 6), date(2021, 8, 14)]
    finding = told(a.findings, "posts_dates_turned")
    assert [place.row for place in finding.where] == [2, 3] and finding.count == 2


def test_dates_that_excel_read_rightly_stay(tmp_path: Path):
    rows = [exported(1), exported(2)]
    rows[0][6], rows[1][6] = datetime(2021, 8, 5, 9, 15), datetime(2021, 8, 14, 9, 0)
    a = read(tmp_path, rows, name="unggahan.xlsx")
    assert [post.day for post in a.posts.posts] == [date(2021, 8, 5), date(2021, 8, 14)] and "posts_dates_turned" not in codes(a.findings)


def test_rows_for_single_days_leave_the_reach_unknown(tmp_path: Path):
    a = read(tmp_path, [exported(1, scope="08/14/2021", reach="300", likes="30"), exported(1, scope="08/15/2021", reach="200", likes="9")])
    (post,) = a.posts.posts
    assert post.by_day and post.reach is None and post.likes == 39 and post.shown == 1200
    assert told(a.findings, "posts_by_day").count == 1 and a.posts.all.by_reach.note == Reason.NOT_ADDITIVE


def test_the_name_of_the_account_hides_no_topic(tmp_path: Path):
    row = exported(1, caption="Masker menutup hidung dan mulut")
    row[3] = "Ayo Pakai Masker"
    assert one(tmp_path, row) == (one(tmp_path / "b", exported(1, caption="Masker menutup hidung dan mulut"))[0], [])


@pytest.mark.parametrize("scope", ["Lifetime", "Seumur hidup", "Sepanjang waktu", ""])
def test_figures_of_all_time_are_known_in_any_words(tmp_path: Path, scope: str):
    assert not one(tmp_path, exported(1, scope=scope))[0].by_day


def test_numbers_of_posts_that_excel_has_cut_short_tell_nothing(tmp_path: Path):
    rows = [exported(1), exported(2, "08/15/2021 09:15")]
    for row in rows:
        row[0], row[7] = "1,79E+16", ""
    assert len(read(tmp_path, rows).posts.posts) == 2
    rounded = [exported(number, f"08/{13 + number}/2021 09:15") for number in (1, 2)]
    for row in rounded:
        row[0] = "17900000000000000"
    assert len(read(tmp_path / "b", rounded).posts.posts) == 2


def test_a_post_exported_twice_counts_once(tmp_path: Path):
    again = read(tmp_path, [exported(1), exported(1)])
    assert len(again.posts.posts) == 1 and told(again.findings, "posts_row_twice").where[0].row == 3 and "log_row_repeated" not in codes(again.findings)
    older = read(tmp_path / "b", [exported(1, reach="300", likes="20"), exported(1)])
    assert older.posts.posts[0].reach == 400 and told(older.findings, "posts_row_differs")


def test_the_daily_series_of_the_account_is_refused(tmp_path: Path):
    (tmp_path / "harian.csv").write_bytes('sep=,\n"Jangkauan"\n"Tanggal","Primary"\n"2021-08-14T00:00:00","192"\n"2021-08-15T00:00:00","120"\n'.encode("utf-16"))
    a = read_activities(study_with(tmp_path, '\n[activities.posts]\nfile = "harian.csv"\n'))
    assert a.posts is None and told(a.findings, "posts_daily_series").fatal


# our own sheet

def test_our_sheet_is_read_without_a_remark(tmp_path: Path):
    post, found = one(tmp_path, GOOD, OURS)
    assert found == [] and post == Post(1, date(2021, 8, 14), "Masker", ("masks",), "reels", True, 400, 600, "impressions", 40, 3, 5, 2, 500, row=2)


def changed(**cells: str) -> list[str]:
    places = {"date": 0, "title": 1, "topic": 2, "format": 3, "link": 4, "reach": 5, "shown": 6, "definition": 7, "likes": 8, "comments": 9, "shares": 10, "saves": 11, "followers": 12}
    row = list(GOOD)
    for name, text in cells.items():
        row[places[name]] = text
    return row


@pytest.mark.parametrize(("cells", "code", "field", "value"), [
    ({"date": "32/08/2021"}, "log_date_unreadable", "day", None), ({"date": ""}, "log_cell_empty", "day", None), ({"date": "14/08/2012"}, "log_date_far", "day", date(2012, 8, 14)),
    ({"reach": "-400"}, "log_number_negative", "reach", None), ({"reach": "banyak"}, "log_number_unreadable", "reach", None), ({"shown": "1,2 rb"}, "log_count_rounded", "shown", None),
    ({"shown": "1.2"}, "log_count_not_whole", "shown", None), ({"reach": "700"}, "posts_reach_over_shown", "reach", 700), ({"likes": "500"}, "posts_likes_over_reach", "likes", 500),
    ({"definition": ""}, "posts_definition_unknown", "definition", ""), ({"definition": "kali"}, "log_choice_unknown", "definition", ""), ({"format": "siaran"}, "log_choice_unknown", "format", ""),
    ({"topic": "Gizi"}, "posts_topic_unknown", "topics", ()), ({"link": ""}, "posts_without_link", "linked", False),
])
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_fault_is_told_with_its_place(tmp_path: Path, cells: dict[str, str], code: str, field: str, value: object, language: str):
    a = read(tmp_path, [changed(title="Baik", link="https://www.instagram.com/p/lain/"), changed(**cells)], OURS, language=language)
    finding = told(a.findings, code)
    assert finding.where[0].row == 3 and finding.where[0].file == "unggahan.csv"
    (post,) = [post for post in a.posts.posts if post.row == 3]
    assert getattr(post, field) == value
    assert all(line.strip() and "{" not in line for line in all_lines(a.findings, words(language)))


@pytest.mark.parametrize("text", ["1.234", "1,234", "1 234", "1234", "1234.0"])
def test_a_count_has_no_decimals_so_every_mark_separates_thousands(tmp_path: Path, text: str):
    post, found = one(tmp_path, changed(shown=text), OURS)
    assert post.shown == 1234 and found == []


@pytest.mark.parametrize(("header", "definition"), [("Impresi", "impressions"), ("Views", "views"), ("Tayangan", ""), ("Penayangan", "")])
def test_a_title_tells_the_definition_only_where_it_can(tmp_path: Path, header: str, definition: str):
    titles = [*OURS[:6], header, *OURS[8:]]
    post, found = one(tmp_path, [*GOOD[:7], *GOOD[8:]], titles)
    assert post.definition == definition and (found == []) == bool(definition)


def test_a_study_may_say_the_definition_and_the_followers(tmp_path: Path):
    titles = [*OURS[:6], "Tayangan", *OURS[8:12]]
    post, found = one(tmp_path, [*GOOD[:7], *GOOD[8:12]], titles, settings='definition = "views"\nfollowers = 320\n' + TOPICS)
    assert (post.definition, post.followers, found) == ("views", 320, [])
    assert growth([post, post]).note == Reason.INCOMPLETE, "one declared number is no growth"


def test_impressions_after_their_end_are_doubted(tmp_path: Path):
    a = read(tmp_path, [changed(date="14/06/2025")], OURS)
    assert {"posts_impressions_late", "log_date_far"} <= set(codes(a.findings))


def test_posts_without_declared_topics_keep_their_own(tmp_path: Path):
    a = read(tmp_path, [changed(topic="Gizi; Olahraga")], OURS, settings="")
    assert a.posts.posts[0].topics == ("Gizi", "Olahraga") and [group.key for group in a.posts.topics] == ["Gizi", "Olahraga"]


def test_an_item_that_no_questionnaire_has_is_fatal(tmp_path: Path):
    a = read(tmp_path, [GOOD], OURS, settings='[activities.posts.topics.x]\nlabel = { id = "x", en = "x" }\nitems = ["k9"]\n')
    assert a.posts is None and told(a.findings, "posts_item_unknown").fatal


def test_posts_are_of_the_whole_programme(tmp_path: Path):
    assert read(tmp_path, [GOOD], OURS).of_rt("RT 04").posts is None


PLANTED = ("Rani Contoh", "rani.contoh", "081234567890", "ibu.rani@contoh.id", "3275014507890003")


def test_nobody_is_recognisable_in_what_is_kept(tmp_path: Path):
    a = read(tmp_path, [exported(1, caption=f"Terima kasih Bu Sulastri! WA {PLANTED[2]}, {PLANTED[3]}, NIK {PLANTED[4]}, @{PLANTED[1]}")])
    ours = read(tmp_path / "b", [changed(title=f"Bersama Bu Sulastri {PLANTED[2]} {PLANTED[3]} {PLANTED[4]}")], OURS)
    kept = repr((a.posts, a.findings, ours.posts, ours.findings)) + "".join(all_lines((*a.findings, *ours.findings), words("id")))
    assert [text for text in (*PLANTED, "Sulastri") if text in kept] == []
    assert {"Rani Contoh", "rani.contoh"} <= a.contacts and not any(text in repr(a) for text in PLANTED)
