"""Photos of the programme: which may be shown, as pixels that hold nothing else, each with what its sheet says about it.

Nobody's face is looked for. Who can be seen, and whether they agreed, is what the people who took the photo wrote into the sheet.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from baksos_eval.activities.logs import ReadLog, read_log
from baksos_eval.activities.pictures import Box, Picture, copy_pixels, read_boxes
from baksos_eval.errors import BaksosError, Finding, Severity, Where
from baksos_eval.intake.files import MOST_PLACES
from baksos_eval.intake.text import fold
from baksos_eval.study.activities import PhotosLog
from baksos_eval.study.study import Study

_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_NOT_SHOWN = Severity.WARNING


class PhotoRow(NamedTuple):
    """What the sheet says about one photo."""

    where: Where
    file: str
    caption: str
    date: date | None
    rt: str
    place: str
    consent: bool | None
    children: bool | None
    guardian: bool | None
    boxes: str


@dataclass(frozen=True)
class Photo:
    """One photo that may be shown: its pixels, its caption, when and where it was taken, and how many parts of it are blurred."""

    picture: Picture
    caption: str
    date: date | None
    rt: str
    place: str
    blurred: int


@dataclass(frozen=True)
class Photos:
    """The photos of a programme or of one RT, in the sheet's order.

    Attributes:
        shown: the photos that may be shown.
        listed: how many the sheet names.
        reasons: why the others are not shown, by RT: codes of findings and how many photos each keeps back.
    """

    shown: tuple[Photo, ...]
    listed: Mapping[str, int]
    reasons: Mapping[str, Mapping[str, int]]

    @property
    def count(self) -> int:
        """How many photos there are, shown or not."""
        return sum(self.listed.values())

    @property
    def kept_back(self) -> int:
        """How many are not shown."""
        return self.count - len(self.shown)

    def of_rt(self, rt: str) -> Photos:
        """The photos taken in one RT."""
        return Photos(tuple(photo for photo in self.shown if photo.rt == rt), {rt: self.listed.get(rt, 0)}, {rt: self.reasons.get(rt, {})})


class _Fault(NamedTuple):
    """Why a photo is not shown, or what there is to note about one that is."""

    code: str
    row: PhotoRow
    severity: Severity = _NOT_SHOWN


def read_photos(study: Study, log: PhotosLog) -> tuple[Photos | None, ReadLog[PhotoRow]]:
    """The photos of a study, and their sheet as it was read; none when the sheet cannot be read.

    A photo is shown if its row says that those in it agree and, where children can be seen, that their guardians agree or that
    parts are blurred. A picture that cannot be read, or that could hide something, is not shown; findings name the row of the
    sheet, never the picture's name, which may be somebody's.
    """
    read = read_log(study, log, "photos", PhotoRow)
    if read.fatal:
        return None, read
    folder = (study.folder / (log.folder or Path(log.file).parent)).resolve()
    beside = _listing(folder)
    shown: list[Photo] = []
    faults: list[_Fault] = []
    used: set[str] = set()
    rows = [row._replace(rt=row.rt if not study.expected_rts or row.rt in study.expected_rts else "") for row in read.rows]   # another word may be a name
    for row in rows:
        name = _find(row.file, beside)
        used |= {name} if name else set()
        refusal = _refusal(row)
        if refusal:
            faults.append(_Fault(refusal, row))
            continue
        try:
            boxes = read_boxes(row.boxes)
        except ValueError:
            faults.append(_Fault("photo_boxes_unreadable", row))
            continue
        try:
            picture = _copy(folder / name, boxes) if name else None
        except BaksosError as error:
            faults.append(_Fault(error.code.replace("picture_", "photo_"), row))
            continue
        if picture is None:
            faults.append(_Fault("photo_not_found", row))
            continue
        faults += [_Fault(code, row, severity) for code, severity in _remarks(row, picture, boxes)]
        shown.append(Photo(picture, row.caption, row.date, row.rt, row.place, len(boxes)))
    findings = [*_as_findings(faults), *_twice(rows), *_unlisted(beside, used, log)]
    kept_back = [fault for fault in faults if fault.severity is _NOT_SHOWN and fault.code not in _REMARKS]
    rts = dict.fromkeys(row.rt for row in rows)
    photos = Photos(tuple(shown), {rt: sum(row.rt == rt for row in rows) for rt in rts},
                    {rt: Counter(fault.code for fault in kept_back if fault.row.rt == rt) for rt in rts})
    return photos, ReadLog(tuple(rows), (*read.findings, *findings), read.headers, read.ids, read.contacts)


_REMARKS = ("photo_children_blurred", "photo_misnamed", "photo_caption_redacted")
"""Findings about photos that are shown."""


def _refusal(row: PhotoRow) -> str:
    """Why the sheet itself keeps a photo back; empty when it does not."""
    if not row.caption:
        return "photo_without_caption"
    if row.consent is not True:
        return "photo_without_consent"
    if row.guardian is True or row.children is False:
        return ""
    if row.children is None:
        return "photo_children_not_said"
    return "" if row.boxes else "photo_without_guardian"


def _remarks(row: PhotoRow, picture: Picture, boxes: tuple[Box, ...]) -> Iterable[tuple[str, Severity]]:
    if row.children and row.guardian is not True and boxes:
        yield "photo_children_blurred", Severity.WARNING
    if picture.misnamed:
        yield "photo_misnamed", Severity.NOTE
    if _ELLIPSIS in row.caption + row.place:
        yield "photo_caption_redacted", Severity.NOTE


def _listing(folder: Path) -> dict[str, str]:
    """The files of the folder by their names made comparable: not every system tells capitals apart."""
    try:
        return {fold(entry.name): entry.name for entry in sorted(folder.iterdir()) if entry.is_file() and not entry.name.startswith((".", "~$"))}
    except OSError:
        return {}


def _find(name: str, beside: Mapping[str, str]) -> str:
    """The file of the folder that a cell names; what was taken out of the cell because it identifies somebody may be anything.

    Only files of the folder itself are ever read, so that no cell can name another one.
    """
    wanted = fold(name)
    if wanted in beside:
        return beside[wanted]
    if _ELLIPSIS in wanted and wanted.strip(_ELLIPSIS + " "):
        pattern = re.compile(".+".join(map(re.escape, wanted.split(_ELLIPSIS))))
        matching = [own for comparable, own in beside.items() if pattern.fullmatch(comparable)]
        return matching[0] if len(matching) == 1 else ""
    return ""


def _copy(path: Path, boxes: tuple[Box, ...]) -> Picture:
    about = path.stat()
    return _copy_once(path, about.st_size, about.st_mtime_ns, boxes)


@lru_cache(maxsize=256)
def _copy_once(path: Path, size: int, changed: int, boxes: tuple[Box, ...]) -> Picture:
    """A picture is worked on once for as long as its file stays as it is."""
    return copy_pixels(path, boxes)


def _as_findings(faults: Iterable[_Fault]) -> Iterable[Finding]:
    """The same about photos of the same RT as one finding with all their rows."""
    groups: dict[tuple[str, Severity, str], list[Where]] = {}
    for fault in faults:
        groups.setdefault((fault.code, fault.severity, fault.row.rt), []).append(fault.row.where)
    for (code, severity, rt), places in groups.items():
        yield Finding(code, severity, len(places), tuple(places[:MOST_PLACES]), rt)


def _twice(rows: Iterable[PhotoRow]) -> Iterable[Finding]:
    """Photos that two rows name."""
    seen: dict[str, list[PhotoRow]] = {}
    for row in rows:
        seen.setdefault(fold(row.file), []).append(row)
    for name, same in seen.items():
        if name and len(same) > 1:
            yield Finding("photo_listed_twice", Severity.NOTE, len(same), tuple(row.where for row in same[:MOST_PLACES]), same[0].rt)


def _unlisted(beside: Mapping[str, str], used: set[str], log: PhotosLog) -> Iterable[Finding]:
    """Pictures in the folder that no row names."""
    pictures = [name for name in beside.values() if Path(name).suffix.lower() in (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif") and name not in used]
    if pictures:
        yield Finding("photo_not_listed", Severity.NOTE, len(pictures), (Where(log.file, log.sheet),))
