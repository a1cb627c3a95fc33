"""What ``baksos doctor`` says: one line a check, and the remedy below it where something is amiss."""

from __future__ import annotations

from collections.abc import Sequence

from baksos_eval.report.text import Catalogue
from baksos_eval.start.doctor import Check


def line_of(check: Check, catalogue: Catalogue) -> list[str]:
    """The check in a line; if it is not fine, what to do in a second one."""
    details = dict(check.details)
    if "statistic" in details:
        details["statistic"] = catalogue.text(f"doctor.statistics.{details['statistic']}")
        details |= {name: _digits(details[name], catalogue) for name in ("value", "expected") if name in details}
    if details.get("broke"):
        text = catalogue.text("doctor.broke", what=details.get("statistic") or catalogue.text(f"doctor.what.{check.name}"), reason=details["reason"])
    else:
        text = catalogue.text(f"doctor.{check.name}.{check.state}", **details)
    line = catalogue.text("doctor.line", state=catalogue.text(f"doctor.state_{check.state}"), text=text)
    return [line] if check.state == "fine" else [line, "   " + catalogue.text(f"doctor.{check.name}.remedy")]


def _digits(value: float, catalogue: Catalogue) -> str:
    """Ten significant digits, with the decimal mark of the language."""
    text = f"{value:.10g}"
    return text.replace(".", ",") if catalogue.language == "id" else text


def summary_of(checks: Sequence[Check], catalogue: Catalogue) -> str:
    """All checks in one sentence."""
    counts = {state: sum(check.state == state for check in checks) for state in ("fine", "doubtful", "wrong")}
    worst = next(state for state in ("wrong", "doubtful", "fine") if counts[state] or state == "fine")
    return catalogue.text(f"doctor.summary_{worst}", count=len(checks), **counts)
