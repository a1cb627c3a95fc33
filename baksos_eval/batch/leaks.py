"""Looks into every finished file for what identifies people, before anything is published."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from baksos_eval.activities.activities import private_values
from baksos_eval.batch import pdf_text
from baksos_eval.errors import BaksosError
from baksos_eval.intake.privacy import Identities
from baksos_eval.intake.redaction import public_texts
from baksos_eval.intake.responses import Responses, read_responses
from baksos_eval.report.text import LANGUAGES, Catalogue, words
from baksos_eval.study.study import Study

UNREADABLE = "unreadable"
_ARCHIVES = {".docx", ".xlsx", ".xlsm", ".zip", ".odt", ".ods"}
_PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".ttf", ".otf", ".odttf", ".woff", ".woff2"}
_LONG = 200
_ENCODED = re.compile(rf"data:[\w/+.;-]*;base64,[A-Za-z0-9+/=\s]+|[A-Za-z0-9+/]{{{_LONG},}}={{0,2}}")
_STYLE = re.compile(r"<(style|script)\b[^>]*>.*?</\1>", re.DOTALL | re.IGNORECASE)
_SPOKEN = re.compile(r"""\b(?:alt|title|aria-label|content|descr|name|summary|val)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_SPEAKING = re.compile(r"alt|title|label|content|descr|name|summary|val")
_TAG = re.compile(r"(<[^<>]*>)")
_STROKES = re.compile('(?:<(?:use xlink:href="[^"<>]*" x="[^"<>]*" y="[^"<>]*"|path (?:id="[^"<>]*" )?d="[^"<>]*"'
                      r'(?: (?:fill|stroke|stroke-width|stroke-dasharray)="[^"<>]*")*)/>\s*)+')
"""Lines and letters' outlines of a drawing: a thousand tags that say nothing."""

_END = re.compile(r"</?(?:td|th|tr|thead|tbody|tfoot|table|caption|figure|figcaption|p|div|li|dt|dd|br|hr|h[1-6]|text|w:(?:p|tc|tr|tbl|tab|br|cr)|c|si|row)(?![\w:-])[^<>]*>", re.IGNORECASE)
"""Tags at which a word ends: numbers of neighbouring cells are not one number."""

_MARKUP = re.compile(r"<[a-zA-Z!?/]")
_HYPHENATED = re.compile(r"[-\u2010]\s*\n\s*")
_DRAWING = re.compile(rb"(?<=\s)(?:-?[\d.]+\s){2}m\s(?:(?:-?[\d.]+\s){2,6}[mlcvy]\s|h\s)*(?:(?:f|f\*|S|n)\s)?")
"""Lines and curves in a page of a PDF: nine tenths of a page with a figure, and none of its text."""

_BETWEEN = "\nzzqxzz\n"
"""A word between two texts that are looked through together: the end of one and the beginning of the next are not one name."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")
_DEEPEST = 3


class Leak(NamedTuple):
    """A file that holds something of a person, and which kinds of it; never what."""

    file: str
    kinds: tuple[str, ...]


_kept: dict[int, tuple[Responses, frozenset[Path], Identities]] = {}


def known_identities(study: Study, templates: Iterable[Path] = ()) -> Identities:
    """What identifies the study's people, without what reports say anyway: our words, and the notebooks' own text.

    It is made once for the study's files as they are now and stays in memory.
    """
    responses, notebooks = read_responses(study), frozenset(templates)
    kept = _kept.get(id(responses))
    if kept is None or kept[0] is not responses or kept[1] != notebooks:
        public = [text for language in LANGUAGES for text in words(language).texts.values()]
        public += [text for path in sorted(notebooks) if path.is_file() for text in _of_json(path.read_bytes())]
        _kept.clear()
        logs = private_values(study)
        found = Identities([*responses.ids, *logs.ids], [*responses.contacts, *logs.contacts], [*public_texts(study), *public])
        _kept[id(responses)] = kept = (responses, notebooks, found)
    return kept[2]


def leaks_in(files: Mapping[str, Path], texts: Mapping[str, str], identities: Identities) -> tuple[Leak, ...]:
    """The files and texts that hold an id, a contact value, or a number built like a NIK, a phone number or an e-mail address.

    Args:
        files: finished files by their name; what cannot be read counts as a leak (``unreadable``).
        texts: further texts by what they are called.
        identities: whom to look for.
    """
    found: list[Leak] = []
    for name, path in files.items():
        try:
            kinds = set(_kinds(_BETWEEN.join(dict.fromkeys((name, *read_texts(path)))), identities))
        except (OSError, ValueError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
            kinds = {UNREADABLE}
        if kinds:
            found.append(Leak(name, tuple(sorted(kinds))))
    return (*found, *(Leak(name, tuple(sorted(kinds))) for name, text in texts.items() if (kinds := set(_kinds(text, identities)))))


def leak_error(leaks: Iterable[Leak], catalogue: Catalogue) -> BaksosError:
    """The error that names the files and the kinds of what was found."""
    places = [catalogue.text("leak.place", file=catalogue.text(f"leak.{leak.file}") if catalogue.has(f"leak.{leak.file}") else leak.file,
                             kinds=catalogue.listing(catalogue.text(f"leak.{kind}") for kind in leak.kinds)) for leak in leaks]
    return BaksosError("leak_found", where=catalogue.listing(places))


def read_texts(path: Path) -> Iterator[str]:
    """Everything a file says, in pieces: its text, and what its parts say to those who do not see them.

    Raises:
        ValueError: the file is not what its name says (:class:`zipfile.BadZipFile` and :class:`OSError` likewise).
    """
    yield from _of_bytes(path.name, path.read_bytes(), 0)


def _of_bytes(name: str, content: bytes, depth: int) -> Iterator[str]:
    ending = Path(name).suffix.lower()
    if ending in _PICTURES:
        return
    if ending in _ARCHIVES:
        if depth >= _DEEPEST:
            raise ValueError("archives in archives")
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                yield member.filename
                if not member.is_dir():
                    yield from _of_bytes(member.filename, archive.read(member), depth + 1)
    elif ending == ".pdf":
        yield from _of_pdf(content)
    elif ending in (".ipynb", ".json"):
        yield from _of_json(content)
    else:
        yield from _of_markup(content.decode("utf-8-sig"))


def _of_json(content: bytes) -> Iterator[str]:
    def walk(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield from _of_markup(value)
        elif isinstance(value, Mapping):
            for key, entry in value.items():
                if not str(key).startswith("image/png"):
                    yield from walk(entry)
        elif isinstance(value, list):
            if value and all(isinstance(line, str) for line in value):
                one_text = all(line.endswith("\n") for line in value[:-1])     # else several, such as the cells of a row
                yield from _of_markup(("" if one_text else "\n").join(value))
            else:
                for entry in value:
                    yield from walk(entry)

    yield from walk(json.loads(content.decode("utf-8-sig")))


def _of_markup(text: str) -> Iterator[str]:
    """The text as a reader sees it; where there are tags within paragraphs, once with and once without a gap for each, and what they hold for those who listen."""
    if "<path " in text:
        text = _STROKES.sub("<g>", text)
    if len(text) >= _LONG and ("base64," in text or max(map(len, text.split()), default=0) >= _LONG):
        text = _ENCODED.sub(" ", text)
    if "<" not in text or not _MARKUP.search(text):
        yield text
        return
    text = _STYLE.sub(" ", text)
    pieces = _TAG.split(text)       # texts and tags by turns
    between = pieces[1::2]
    tags = dict.fromkeys(between)
    spoken = "\n".join(html.unescape(first or second) for tag in tags if _SPEAKING.search(tag) for first, second in _SPOKEN.findall(tag))
    if spoken:
        yield spoken
    ends = dict.fromkeys(filter(_END.match, tags), "\n")
    for gap in ("", " ") if len(ends) < len(tags) else ("",):
        shown = dict.fromkeys(tags, gap) | ends
        pieces[1::2] = [shown[tag] for tag in between]
        yield html.unescape("".join(pieces))


def _of_pdf(content: bytes) -> Iterator[str]:
    try:
        yield from list(pdf_text.texts(content))
    except ValueError:      # a PDF that is not from our writer
        yield from _of_any_pdf(content)


def _of_any_pdf(content: bytes) -> Iterator[str]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError
    from pypdf.generic import DecodedStreamObject, NameObject

    try:
        reader = PdfReader(io.BytesIO(content))
        for page in reader.pages:
            contents = page.get_contents()
            if contents is not None:
                words_alone = DecodedStreamObject()
                words_alone.set_data(_DRAWING.sub(b"", contents.get_data()))
                page[NameObject("/Contents")] = words_alone
            text = page.extract_text()
            if len(_CONTROL.findall(text)) > 0.02 * len(text):
                raise ValueError("letters without meaning")
            yield text
            if _HYPHENATED.search(text):
                yield _HYPHENATED.sub("", text)
        yield from (str(value) for value in (reader.metadata or {}).values())
        yield "\n".join(_spoken_in_pdf(reader))
    except (PyPdfError, KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a readable PDF") from error


def _spoken_in_pdf(reader: Any) -> Iterator[str]:
    """What a tagged PDF says to those who listen: alternative texts, titles, expansions, targets of links."""
    from pypdf.generic import DictionaryObject, IndirectObject

    seen: set[int] = set()
    waiting = [reader.trailer.get("/Root")]
    while waiting:
        value = waiting.pop()
        if isinstance(value, IndirectObject):
            if value.idnum in seen:
                continue
            seen.add(value.idnum)
            value = value.get_object()
        if isinstance(value, DictionaryObject):
            for key, entry in value.items():
                if key in ("/Alt", "/ActualText", "/Title", "/E", "/URI", "/Contents", "/T", "/TU") and isinstance(entry, str):
                    yield entry
                elif key not in ("/Parent", "/P", "/Pg", "/Font", "/XObject", "/Contents", "/ParentTree", "/Dests"):
                    waiting.append(entry)
        elif isinstance(value, list):
            waiting.extend(value)


def _kinds(text: str, identities: Identities) -> Iterator[str]:
    for hit in identities.hits(text):
        yield hit.kind
