"""The panel of the notebook ``00_mulai``: widgets over :mod:`baksos_eval.start.choices`, which show what study.toml says and nothing else."""

from __future__ import annotations

import html
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import ipywidgets as widgets

from baksos_eval.errors import BaksosError
from baksos_eval.report.problems import describe, speak_in_notebooks
from baksos_eval.report.text import LANGUAGES, Catalogue, words
from baksos_eval.start import choices as choosing
from baksos_eval.start.choices import STUDY_FILE, Choices, Role, Table, place_of, read_choices
from baksos_eval.start.study_file import USUAL_INSTRUMENTS, NewStudy
from baksos_eval.study.instrument import bundled_instruments, load_instrument
from baksos_eval.study.rt import normalise_rt

_MOST_FAULTS = 5
_WIDE = widgets.Layout(width="auto", max_width="46em")
_LABELLED = {"description_width": "13em"}
_BOXES = {"error": ("#8a1f11", "#fdecea"), "good": ("#1b5e20", "#e8f5e9"), "note": ("#37474f", "#eceff1")}
_CHECK = "01_periksa_data.ipynb"
_EVALUATE = "02_evaluasi_rt.ipynb"


class Panel:
    """The panel for one study's folder. Every change is written to study.toml at once and read back from it.

    Attributes:
        box: the widget to display.
    """

    def __init__(self, study_folder: str, language: str = "") -> None:
        self.folder = place_of(study_folder)
        self.asked = language if language in LANGUAGES else ""
        self.box = widgets.VBox()
        self._said: tuple[str, Sequence[str]] | None = None
        self._quiet = False
        self._former: tuple[widgets.Widget, ...] = ()
        self.refresh()

    @property
    def catalogue(self) -> Catalogue:
        """The words the panel speaks now: the language asked for, else the study's."""
        return words(self.asked or getattr(self, "_language", "id"))  # type: ignore[arg-type]

    def refresh(self) -> None:
        """Shows what study.toml says now."""
        self._quiet = True
        try:
            former, self.box.children = self.box.children, tuple(self._content())
        finally:
            self._quiet = False
        for widget in self._former:
            widget.close()
        self._former = tuple(_every(former))  # not closed yet: one of them may be what somebody has just clicked

    def _content(self) -> Iterator[widgets.Widget]:
        if not (self.folder / STUDY_FILE).is_file():
            yield from self._beginning()
            return
        try:
            found = read_choices(self.folder, self.asked)
        except BaksosError as error:
            self._said = ("error", describe(error, self.catalogue))
            yield from self._messages()
            yield self._button("reload", lambda: self._act(lambda: None))
            return
        self._language = found.study.language
        speak_in_notebooks(self.catalogue.language)
        yield from self._messages()
        for section, content in (("study", self._study), ("files", self._files), ("columns", self._columns), ("rts", self._rts), ("next", self._next)):
            yield self._heading(section)
            yield from content(found)

    def _act(self, action: Callable[[], object], done: str = "", **values: object) -> None:
        """Does something somebody asked for, and shows what study.toml says then; what goes wrong becomes one box of sentences."""
        if self._quiet:
            return
        try:
            action()
            self._said = ("good", [self.catalogue.text(done, **values)]) if done else None
        except BaksosError as error:
            self._said = ("error", describe(error, self.catalogue))
        except Exception as error:  # a fault of ours is a sentence too: a traceback helps nobody here
            self._said = ("error", describe(BaksosError("unexpected", error=type(error).__name__), self.catalogue))
        self.refresh()

    # --- a folder without a study

    def _beginning(self) -> Iterator[widgets.Widget]:
        text = self.catalogue.text
        yield from self._messages()
        yield self._heading("begin")
        yield self._note(text("panel.begin", folder=self.folder.name))
        title = widgets.Text(value=self.folder.name, description=text("panel.title"), style=_LABELLED, layout=_WIDE)
        year = widgets.IntText(value=date.today().year, description=text("panel.year"), style=_LABELLED)
        language = self._dropdown("language", [(text(f"panel.language_{name}"), name) for name in LANGUAGES], self.catalogue.language)
        ticks = self._ticks({name: load_instrument(name).label[self.catalogue.language] for name in bundled_instruments()}, USUAL_INSTRUMENTS)
        rts = widgets.Text(placeholder="RT 04, RT 05", description=text("panel.rts_typed"), style=_LABELLED, layout=_WIDE)

        def make() -> None:
            from baksos_eval.start.folder import make_study_folder

            if not 1990 <= year.value <= 2100:
                raise BaksosError("year_impossible", found=year.value)
            chosen = tuple(name for name, tick in ticks.items() if tick.value)
            if not chosen:
                raise BaksosError("instrument_needed")
            named = tuple(normalise_rt(part) for part in rts.value.split(",") if part.strip())
            new = NewStudy(title.value.strip() or self.folder.name, year.value, language.value, chosen, named)
            make_study_folder(self.folder, new, words(language.value))
            self.asked = ""
            self._language = language.value

        language.observe(lambda change: self._act(lambda: setattr(self, "asked", change["new"])), names="value")
        yield from (title, year, language, self._label("instruments"), *ticks.values(), rts)
        yield self._button("make", lambda: self._act(make, "panel.made", folder=self.folder.name))

    # --- the parts of a study

    def _study(self, found: Choices) -> Iterator[widgets.Widget]:
        text, study = self.catalogue.text, found.study
        title = widgets.Text(value=study.title[study.language], description=text("panel.title"), style=_LABELLED, layout=_WIDE, continuous_update=False)
        year = widgets.BoundedIntText(value=study.year, min=1990, max=2100, description=text("panel.year"), style=_LABELLED, continuous_update=False)
        for widget in (title, year):
            widget.observe(lambda _: self._act(lambda: choosing.name_study(found, title.value, year.value), "panel.saved"), names="value")

        def speak(language: str) -> None:
            self.asked = ""
            choosing.choose_language(found, language)

        language = self._dropdown("language", [(text(f"panel.language_{name}"), name) for name in LANGUAGES], study.language)
        language.observe(lambda change: self._act(lambda: speak(change["new"]), "panel.saved"), names="value")
        names = dict.fromkeys([*study.instruments, *bundled_instruments()])
        ticks = self._ticks({name: load_instrument(name, study.folder).label[self.catalogue.language] for name in names}, study.instruments)
        for tick in ticks.values():
            tick.observe(lambda _: self._act(lambda: choosing.choose_instruments(found, [name for name, other in ticks.items() if other.value]), "panel.saved"), names="value")
        yield from (title, year, language, self._label("instruments"), *ticks.values())

    def _files(self, found: Choices) -> Iterator[widgets.Widget]:
        text = self.catalogue.text
        upload = widgets.FileUpload(accept=",".join(choosing.ENDINGS), multiple=True, description=text("panel.upload"), layout=widgets.Layout(width="auto"))
        upload.observe(lambda change: self._act(lambda: self._take(change["new"]), "panel.uploaded", count=len(change["new"])), names="value")
        yield self._note(text("panel.files"))
        yield widgets.HBox([upload, self._button("reload", lambda: self._act(lambda: None))])
        for table in found.tables:
            yield widgets.HBox(tuple(self._file(table, found)), layout=widgets.Layout(flex_flow="row wrap"))
        unused = [file for file in found.files if file not in {table.source.file for table in found.tables}]
        if unused:
            further = self._dropdown("further", [(text("panel.choose"), ""), *((file, file) for file in unused)], "")
            further.observe(lambda change: self._act(lambda: choosing.declare_file(found, change["new"]), "panel.saved"), names="value")
            yield further

    def _file(self, table: Table, found: Choices) -> Iterator[widgets.Widget]:
        text, number, source = self.catalogue.text, table.number, table.source
        exists = (found.study.folder / source.file).is_file()
        options = [(file, file) for file in found.files] + ([] if exists else [(text("panel.absent", file=source.file), source.file)])
        file = widgets.Dropdown(options=options, value=source.file, layout=widgets.Layout(width="24em"))
        file.observe(lambda change: self._act(lambda: choosing.use_file(found, number, change["new"]), "panel.saved"), names="value")
        yield file
        if len(table.sheets) > 1:
            known = [(sheet, sheet) for sheet in table.sheets] + [(text("panel.choose"), source.sheet)] * (source.sheet not in table.sheets)
            sheet = widgets.Dropdown(options=known, value=source.sheet, layout=widgets.Layout(width="12em"))
            sheet.observe(lambda change: self._act(lambda: choosing.use_sheet(found, number, change["new"]), "panel.saved"), names="value")
            yield sheet
        if source.wave:
            waves = [(self._wave(wave, found), wave) for wave in found.study.waves]
            wave = widgets.Dropdown(options=waves, value=source.wave, layout=widgets.Layout(width="12em"))
            wave.observe(lambda change: self._act(lambda: choosing.use_wave(found, number, change["new"]), "panel.saved"), names="value")
            yield wave
        else:
            yield widgets.HTML(f"&nbsp;{html.escape(text('panel.wave_in_table'))}&nbsp;")
        if len(found.tables) > 1:
            yield self._button("drop", lambda: self._act(lambda: choosing.drop_file(found, number), "panel.dropped", file=source.file))

    def _take(self, files: Sequence[Any]) -> None:
        for file in files:
            name = choosing.take_upload(self.folder, file["name"], bytes(file["content"]))
            choosing.declare_file(read_choices(self.folder, self.asked), name)

    def _columns(self, found: Choices) -> Iterator[widgets.Widget]:
        text = self.catalogue.text
        if found.proposals:
            yield self._note(text("panel.proposals", count=found.proposals))
            yield self._button("accept", lambda: self._act(lambda: choosing.accept_proposals(found), "panel.accepted", count=found.proposals))
        for table in found.tables:
            if not table.headers:
                yield self._note(text("panel.not_read", file=table.source.file))
                continue
            place = ", ".join(filter(None, (table.source.file, table.source.sheet, self._wave(table.source.wave, found) if table.source.wave else "")))
            yield widgets.HTML(f"<b>{html.escape(place)}</b>: " + html.escape(text("panel.items", found=table.found, items=table.found + len(table.missing))))
            for role in table.roles:
                yield self._role(role, table, found)
            if not any(role.name == "rt" for role in table.roles) and table.source.rt:
                yield self._note(text("panel.one_rt", rt=table.source.rt))
            for item in table.missing:
                options = [(text("panel.choose"), ""), *self._headers(table.headers, item.proposal)]
                chosen = widgets.Dropdown(options=options, value="", description=item.item, style=_LABELLED, layout=_WIDE, tooltip=item.text)
                chosen.observe(lambda change, table=table, item=item: self._act(
                    lambda: choosing.use_item(found, table.number, item.wave, item.item, change["new"]), "panel.saved"), names="value")
                yield widgets.VBox([chosen, widgets.HTML(f"<div style='margin-left:13.5em;color:#555'>{html.escape(item.text)}</div>")])

    def _role(self, role: Role, table: Table, found: Choices) -> widgets.Widget:
        text = self.catalogue.text
        options: list[tuple[str, tuple[str, str]]] = self._marked(self._headers(table.headers, role.proposal), "column")
        if role.name != "id":
            options.append((text(f"panel.none.{role.name}"), ("column", "")))
        if role.name == "rt":
            options += [(text("panel.whole_file", rt=rt), ("rt", rt)) for rt in found.rts]
        if not role.found and role.header:
            key = "panel.not_found_proposed" if role.proposal else "panel.not_found"
            options.insert(0, (text(key, header=role.header, proposal=role.proposal), ("missing", "")))
            value = ("missing", "")
        else:
            value = ("column", next((header for header in table.headers if header.casefold() == role.header.casefold()), role.header))
        if value not in [key for _, key in options]:
            options.insert(0, (role.header or text("panel.choose"), value))
        chosen = widgets.Dropdown(options=options, value=value, description=text(f"panel.role.{role.name}"), style=_LABELLED, layout=_WIDE)

        def use(key: tuple[str, str]) -> None:
            if key[0] == "rt":
                choosing.use_rt(found, table.number, key[1])
            elif key[0] == "column":
                choosing.use_column(found, table.number, role.name, key[1])

        chosen.observe(lambda change: self._act(lambda: use(change["new"]), "panel.saved"), names="value")
        return chosen

    def _rts(self, found: Choices) -> Iterator[widgets.Widget]:
        text, declared = self.catalogue.text, found.study.expected_rts
        if not found.rts:
            yield self._note(text("panel.no_rts"))
            return
        pairs = {flow.rt: flow.both for flow in found.inspection.flows}
        chosen = declared or found.rts
        labels = {rt: rt if found.study.is_anonymous else text("panel.rt", rt=rt, pairs=pairs[rt]) for rt in found.rts}
        ticks = self._ticks(labels, chosen)
        first = self._dropdown("first", [(rt, rt) for rt in chosen], chosen[0])

        def choose() -> None:
            choosing.choose_rts(found, [rt for rt, tick in ticks.items() if tick.value], first.value)

        for widget in (*ticks.values(), first):
            widget.observe(lambda _: self._act(choose, "panel.saved"), names="value")
        yield from (self._label("rts"), *ticks.values(), first)

    def _next(self, found: Choices) -> Iterator[widgets.Widget]:
        text = self.catalogue.text
        faults = found.faults
        if faults:
            lines = [text("panel.faults", count=len(faults))]
            for finding in faults[:_MOST_FAULTS]:
                first, *others = describe(finding, self.catalogue)
                lines += [first, *(f"   {line}" for line in others)]
            yield self._box("error", lines)
        else:
            yield self._box("good", [text("panel.ready", rt=(found.study.expected_rts or found.rts)[0])])
        notebooks = self._notebooks(found)
        yield self._links([text("panel.next_check", link=notebooks[0]), text("panel.next_run", link=notebooks[1]), text("panel.next_all", folder=self.folder.name)])

    def _notebooks(self, found: Choices) -> tuple[str, str]:
        """Links to the notebooks that come next, in the study's language: those in its own folder, or those beside this one."""
        below = "" if found.study.language == "id" else "en"
        own = self.folder / "notebooks" / below
        folder = own if (own / _EVALUATE).is_file() else Path.cwd()
        links = []
        for name in (_CHECK, _EVALUATE):
            try:
                target = quote(Path(os.path.relpath(folder / name)).as_posix())
            except ValueError:  # another drive
                links.append(f"`{name}`")
                continue
            links.append(f"[{name}]({target})")
        return links[0], links[1]

    # --- small pieces

    def _messages(self) -> Iterator[widgets.Widget]:
        if self._said:
            yield self._box(*self._said)

    def _heading(self, section: str) -> widgets.Widget:
        return widgets.HTML(f"<h3 style='margin:.8em 0 0'>{html.escape(self.catalogue.text(f'panel.section.{section}'))}</h3>")

    def _label(self, key: str) -> widgets.Widget:
        return widgets.HTML(html.escape(self.catalogue.text(f"panel.{key}")))

    def _note(self, text: str) -> widgets.Widget:
        return widgets.HTML(f"<div style='max-width:60em;line-height:1.4'>{html.escape(text)}</div>")

    def _box(self, kind: str, lines: Sequence[str]) -> widgets.Widget:
        colour, background = _BOXES[kind]
        shown = "".join(f"<div style='white-space:pre-wrap'>{html.escape(line)}</div>" for line in lines)
        return widgets.HTML(f"<div role='status' class='baksos-{kind}' style='max-width:60em;line-height:1.4;padding:.5em .8em;border-left:4px solid {colour};"
                            f"color:{colour};background:{background}'>{shown}</div>")

    def _links(self, lines: Sequence[str]) -> widgets.Widget:
        """Sentences with links that JupyterLab opens in a tab of its own."""
        shown = {"text/markdown": "\n".join(f"1. {line}" for line in lines), "text/plain": "\n".join(lines)}
        return widgets.Output(outputs=({"output_type": "display_data", "data": shown, "metadata": {}},))

    def _button(self, key: str, action: Callable[[], None]) -> widgets.Button:
        button = widgets.Button(description=self.catalogue.text(f"panel.button.{key}"), layout=widgets.Layout(width="auto", align_self="flex-start"),
                                button_style="primary" if key in ("make", "accept") else "")
        button.on_click(lambda _: action())
        return button

    def _dropdown(self, key: str, options: Sequence[tuple[str, str]], value: str) -> widgets.Dropdown:
        return widgets.Dropdown(options=options, value=value, description=self.catalogue.text(f"panel.{key}"), style=_LABELLED, layout=_WIDE)

    def _ticks(self, labels: dict[str, str], chosen: Sequence[str]) -> dict[str, widgets.Checkbox]:
        return {name: widgets.Checkbox(value=name in chosen, description=label, indent=False, layout=_WIDE) for name, label in labels.items()}

    def _marked(self, options: Sequence[tuple[str, str]], kind: str) -> list[tuple[str, tuple[str, str]]]:
        return [(label, (kind, value)) for label, value in options]

    def _headers(self, headers: Sequence[str], proposal: str) -> list[tuple[str, str]]:
        """Headers to choose from, the proposed one first."""
        ordered = [proposal] * bool(proposal) + [header for header in headers if header != proposal]
        return [(self.catalogue.text("panel.proposed", header=header) if header == proposal else header, header) for header in ordered]

    def _wave(self, wave: str, found: Choices) -> str:
        name = found.study.wave_name(wave)
        if isinstance(name, str):
            return self.catalogue.text(f"panel.wave.{name}")
        return name[self.catalogue.language]


def _every(parts: Sequence[widgets.Widget]) -> Iterator[widgets.Widget]:
    for part in parts:
        yield from _every(getattr(part, "children", ()))
        yield part


def panel(study_folder: str, language: str = "") -> widgets.Widget:
    """The panel to display in a notebook.

    Args:
        study_folder: the folder of a study, below this notebook's folder or one above it; where there is none yet, one can be made.
        language: ``"id"`` or ``"en"``; empty: the study's.
    """
    return Panel(study_folder, language).box
