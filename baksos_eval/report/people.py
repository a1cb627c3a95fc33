"""Words about the people in one RT's data: what they are counted by, and who they mostly are."""

from __future__ import annotations

from baksos_eval.evaluation.profile import NOT_SAID, Characteristic, CharacteristicApart, Group, GroupApart
from baksos_eval.evaluation.results import Evaluation
from baksos_eval.report import inline
from baksos_eval.report.content import Text
from baksos_eval.report.designs import unless_anonymous
from baksos_eval.report.text import Catalogue, words

HIDDEN = "\N{MULTIPLICATION SIGN}"


def _apart(e: Evaluation) -> Text | None:
    """The same of an anonymous study: the largest group before and the largest after, and why it matters whether they differ."""
    if not e.profile_apart:
        return None
    c = words(e.study.language)
    sentences = [c.text("profile.sentence_apart", pre=e.profile_apart[0].n_pre, post=e.profile_apart[0].n_post)]
    for one in e.profile_apart:
        before = max((group for group in one.groups if group.pre and group.key != NOT_SAID), key=lambda group: group.pre or 0, default=None)
        after = max((group for group in one.groups if group.post and group.key != NOT_SAID), key=lambda group: group.post or 0, default=None)
        if before and after and before.pre and after.post:
            sentences.append(c.text("profile.most_apart", name=characteristic_name(one, c), pre=group_name(before, c), share_pre=c.percent(before.pre / one.n_pre),
                                    post=group_name(after, c), share_post=c.percent(after.post / one.n_post)))
    return Text(" ".join([*sentences, c.text("profile.apart_matters"), c.text("profile.see")]))


@unless_anonymous(_apart)
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


def characteristic_name(characteristic: Characteristic | CharacteristicApart, c: Catalogue) -> str:
    """What people are counted by: our word where we know the kind, else the study's own name for it."""
    if characteristic.kind != "other":
        return c.text(f"profile.kind.{characteristic.kind}")
    known = f"profile.kind.{characteristic.name}"
    spoken = characteristic.name.replace("_", " ").strip()
    return c.text(known) if c.has(known) else inline.escape(spoken[:1].upper() + spoken[1:])


def group_name(group: Group | GroupApart, c: Catalogue) -> str:
    """The group's name."""
    return c.text(f"profile.group.{group.key}") if group.key else inline.escape(group.label)
