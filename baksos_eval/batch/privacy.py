"""What a study does with personal data: its columns, its key, and how many values the leak scan knows."""

from __future__ import annotations

from collections.abc import Iterable

from baksos_eval.batch.leaks import known_identities
from baksos_eval.intake.pseudonyms import key_file
from baksos_eval.intake.responses import read_responses
from baksos_eval.report.privacy import PrivacyFacts
from baksos_eval.study.study import Study


def look_at(study: Study) -> PrivacyFacts:
    """The facts of one study, read from its description and its files; nothing is written, and no key is made."""
    columns = [source.columns.over(study.columns) for source in study.sources]
    responses = read_responses(study)
    dropped = [title for finding in responses.findings if finding.code == "contact_columns_dropped" for title in finding.details.get("columns", ())]
    key = key_file(study)
    known = known_identities(study)
    values = len(responses.ids | responses.contacts)
    return PrivacyFacts(
        ids=_distinct(header for found in columns for header in found.id_columns),
        consent=_distinct(found.consent for found in columns),
        profile=_distinct(header for found in columns for header in found.profile.values()),
        contacts=_distinct(title.partition(": ")[2] or title for title in dropped),
        key=key,
        key_is_there=key.is_file(),
        review=study.answers.review,
        scanned=values - known.unscannable,
        not_scanned=known.unscannable,
    )


def _distinct(titles: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(title for title in titles if title))
