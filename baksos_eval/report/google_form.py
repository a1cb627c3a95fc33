"""The questionnaire as a Google Form: a script to paste into Google Apps Script, which makes the form in the lecturer's account."""

from __future__ import annotations

import json
from collections.abc import Sequence

from baksos_eval.report.asking import (
    CODE_PATTERN,
    about_the_form,
    asks_dose,
    consent_points,
    questions,
    wave_word,
)
from baksos_eval.report.forms_toml import columns_entry
from baksos_eval.report.text import Catalogue
from baksos_eval.study.instrument import Instrument
from baksos_eval.study.study import Study, Wave


def google_form(instruments: Sequence[Instrument], study: Study | None, wave: Wave, catalogue: Catalogue) -> str:
    """The script for one wave: items as grids whose columns in the answers are ``Title [item]``, which are read back by their wording.

    Args:
        instruments: the questionnaires, a page each.
        study: gives profile questions, doses and RTs.
        wave: the form is for this wave alone; the study names it for the whole file.
        catalogue: the language of the form.
    """
    text, language = catalogue.text, catalogue.language
    title = " - ".join([study.title[language] if study else "; ".join(instrument.label[language] for instrument in instruments),
                        wave_word(study, wave, catalogue)])
    lines = ["/*", *(f" * {line}" for line in text("form.script_help").splitlines()), " */", "function buatKuesioner() {",
             f"  const form = FormApp.create({_js(title)});",
             f"  form.setDescription({_js(chr(10).join([about_the_form(instruments, study, catalogue), *consent_points(study, catalogue)]))});",
             "  form.setCollectEmail(false);", "  form.setLimitOneResponsePerUser(false);", "  form.setAllowResponseEdits(false);",
             "  form.setPublishingSummary(false);"]
    for question in questions(study, (), catalogue):
        if question.kind == "wave" or (wave == "pre" and asks_dose(question, study)):
            continue
        named = f".setTitle({_js(question.header)})"
        match question.kind:
            case "consent":
                yes, no = (choice.label for choice in question.choices)
                lines += [f"  const consent = form.addMultipleChoiceItem(){named}.setHelpText({_js(text('form.consent'))}).setRequired(true);",
                          f"  form.addPageBreakItem().setTitle({_js(text('form.person_heading', letter='B'))});",
                          f"  consent.setChoices([consent.createChoice({_js(yes)}, FormApp.PageNavigationType.CONTINUE), "
                          f"consent.createChoice({_js(no)}, FormApp.PageNavigationType.SUBMIT)]);"]
            case "code":
                rule = f"FormApp.createTextValidation().setHelpText({_js(text('form.code_refused'))}).requireTextMatchesPattern({_js(CODE_PATTERN)}).build()"
                lines.append(f"  form.addTextItem(){named}.setHelpText({_js(text('template.id_help'))}).setRequired(true).setValidation({rule});")
            case _ if question.choices:
                required = ".setRequired(true)" if question.kind == "rt" else ""
                choices = ", ".join(_js(choice.label) for choice in question.choices)
                lines.append(f"  form.addListItem(){named}.setChoiceValues([{choices}]){required};")
            case _:
                required = ".setRequired(true)" if question.kind == "rt" or question.name.startswith("kode_") else ""
                lines.append(f"  form.addTextItem(){named}{required};")
    for number, instrument in enumerate(instruments):
        heading = text("form.part_heading", letter=chr(ord("C") + number), label=instrument.label[language])
        instruction = instrument.instruction[language] if instrument.instruction else text(f"form.instruction_{instrument.kind}")
        rows = ",\n".join(f"    {_js(item.text[language])}" for item in instrument.items)
        lines += [f"  form.addPageBreakItem().setTitle({_js(heading)});",
                  f"  form.addGridItem().setTitle({_js(instrument.label[language])}).setHelpText({_js(instruction)}).setRows([\n{rows}\n  ])"
                  f".setColumns([{', '.join(_js(option.label[language]) for option in instrument.options)}]);"]
        lines += [f"  form.addCheckboxItem().setTitle({_js(question.text[language])}).setChoiceValues([{', '.join(_js(option.label[language]) for option in question.options)}]);"
                  for question in instrument.multiple]
    lines += [f"  form.setConfirmationMessage({_js(text('form.thanks'))});", "  Logger.log(form.getEditUrl());", "  Logger.log(form.getPublishedUrl());", "}", ""]
    return "\n".join(lines)


def answers_entry(file: str, study: Study | None, wave: Wave, catalogue: Catalogue) -> list[str]:
    """The lines of ``study.toml`` that read the form's answers."""
    import tomlkit

    def quoted(words: str) -> str:
        return tomlkit.string(words).as_string()

    asked = questions(study, (), catalogue)
    shown = {question.name: question.header for question in asked if question.kind != "wave" and not (wave == "pre" and asks_dose(question, study))}
    return ["[[files]]", f"file = {quoted(file)}", f'wave = "{wave}"', 'dates = "day_first"',
            *columns_entry(study, asked, shown, time=catalogue.text("form.timestamp"))]


def _js(words: str) -> str:
    """The words as a string of JavaScript."""
    return json.dumps(words, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("</", "<\\/")
