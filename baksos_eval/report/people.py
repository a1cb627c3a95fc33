"""Words about the people in one RT's data: what they are counted by, and who they mostly are."""

from __future__ import annotations

from baksos_eval.evaluation.profile import NOT_SAID, Characteristic, Group
from baksos_eval.evaluation.results import Evaluation
from baksos_eval.report import inline
from baksos_eval.report.content import Text
from baksos_eval.report.text import Catalogue, words

HIDDEN = "\N{MULTIPLICATION SIGN}"


def profile(e: Evaluation) -> Text | None:
    """The largest group of each characteristic; ``None`` where there is no table of them."""
    if not e.profile:
        return None
    c = words(e.study.language)
    sentences = [c.text("profile.sentence", n=e.profile[0].n)]
    for characteristic in e.profile:
        shown = [group for group in characteristic.groups if group.count and group.key != NOT_SAID]
        if shown:
            most = max(shown, key=lambda group: group.count)
            sentences.append(c.text("profile.most", name=characteristic_name(characteristic, c), group=group_name(most, c), count=most.count, n=characteristic.n,
                                    share=c.percent(most.count / characteristic.n)))
    return Text(" ".join([*sentences, c.text("profile.see")]))


def characteristic_name(characteristic: Characteristic, c: Catalogue) -> str:
    """What people are counted by: our word where we know the kind, else the study's own name for it."""
    if characteristic.kind != "other":
        return c.text(f"profile.kind.{characteristic.kind}")
    known = f"profile.kind.{characteristic.name}"
    spoken = characteristic.name.replace("_", " ").strip()
    return c.text(known) if c.has(known) else inline.escape(spoken[:1].upper() + spoken[1:])


def group_name(group: Group, c: Catalogue) -> str:
    """The group's name."""
    return c.text(f"profile.group.{group.key}") if group.key else inline.escape(group.label)
