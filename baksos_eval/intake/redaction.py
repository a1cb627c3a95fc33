"""Findings that quote what people wrote, without what identifies people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from baksos_eval.errors import Finding
from baksos_eval.intake.privacy import Identities
from baksos_eval.intake.responses import Responses
from baksos_eval.study.study import Study

_QUOTING = ("found", "label")
_LISTING = ("listed",)
"""Texts of ours with short quotations in them, which are not to be cut."""

_kept: dict[int, tuple[Responses, Identities]] = {}


def identities_of(study: Study, responses: Responses, public: Iterable[str] = ()) -> Identities:
    """The ids and contact values of the study's people, without those that its description and questionnaires contain anyway.

    Args:
        public: further texts that reports may show.
    """
    return Identities(responses.ids, responses.contacts, [*public_texts(study), *public])


def public_texts(study: Study) -> list[str]:
    """Every text of the study's description and of its questionnaires."""
    return [*_texts(study.model_dump(mode="json", exclude={"folder"})),
            *(text for instrument in study.questionnaires for text in _texts(instrument.model_dump(mode="json")))]


def without_identities(findings: Iterable[Finding], study: Study, responses: Responses) -> list[Finding]:
    """The findings with every id, contact value, NIK, phone number and e-mail address in what they quote as an ellipsis."""
    return [replace(finding, details={name: _safe(name, value, study, responses) for name, value in finding.details.items()})
            if any(name in finding.details for name in (*_QUOTING, *_LISTING)) else finding for finding in findings]


def _safe(name: str, value: Any, study: Study, responses: Responses) -> Any:
    if name not in (*_QUOTING, *_LISTING):
        return value
    if isinstance(value, str):
        known = _identities(study, responses)
        return known.quote(value) if name in _QUOTING else known.redact(value)
    return tuple(_safe(name, part, study, responses) for part in value) if isinstance(value, tuple) else value


def _identities(study: Study, responses: Responses) -> Identities:
    """Made once for the responses at hand, and only when something is quoted."""
    kept = _kept.get(id(responses))
    if kept is None or kept[0] is not responses:
        _kept.clear()
        _kept[id(responses)] = kept = (responses, identities_of(study, responses))
    return kept[1]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield str(key)
            yield from _texts(entry)
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from _texts(entry)
