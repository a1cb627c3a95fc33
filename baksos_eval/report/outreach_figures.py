"""Figures of posts and of satisfaction: the drawing with its caption, its notes and the sentence that says what it shows."""

from __future__ import annotations

from dataclasses import replace

from baksos_eval.activities.activities import Activities
from baksos_eval.report import inline
from baksos_eval.report.content import Figure
from baksos_eval.report.framing import frame
from baksos_eval.report.outreach import day, element_name
from baksos_eval.report.plots_partners import draw_satisfaction
from baksos_eval.report.plots_posts import draw_posts, series_of
from baksos_eval.report.text import words


def posts(a: Activities) -> Figure | None:
    """Reach, impressions and views of every post over time, a panel for each; ``None`` where no post has a day and a figure."""
    if a.posts is None or not (panels := series_of(a.posts)):
        return None
    c = words(a.study.language)
    alt = [c.text("figure.alt.posts", panels=len(panels))]
    for series in panels:
        place = series.values.index(max(series.values))
        alt.append(c.text("figure.alt.posts_series", series=c.text(f"posts.series.{series.key}"), n=len(series.values), lowest=c.number(min(series.values), 0),
                          highest=c.number(max(series.values), 0), number=series.posts[place].number, day=day(series.posts[place].day)))
    missing = len(a.posts.posts) - len(panels[0].posts)
    notes = [c.text("figure.note.posts"), c.text("posts.note.definitions") if len(a.posts.shown) > 1 else "", c.text("figure.note.posts_missing", count=missing) if missing else ""]
    drawn = frame(a.study, c, draw_posts(a.posts, c), "posts", c.text("figure.caption.posts"), alt, [note for note in notes if note])
    return replace(drawn, source=c.text("posts.source", year=a.study.year))


def satisfaction(a: Activities) -> Figure | None:
    """How people answered about each element; ``None`` where too few did."""
    found = a.satisfaction
    if found is None or not found.all.shown:
        return None
    c = words(a.study.language)
    name = inline.escape(found.instrument.label[c.language])
    alt = [c.text("figure.alt.satisfaction", name=name, n=found.all.n, elements=len(found.all.elements))]
    alt += [c.text("figure.alt.satisfaction_element", element=element_name(found, element, c), satisfied=c.percent(element.score.satisfied, 0), index=c.number(element.score.percent, 1))
            for element in found.all.elements]
    return frame(a.study, c, draw_satisfaction(found, c), "satisfaction", c.text("figure.caption.satisfaction", name=name, n=found.all.n), alt, [c.text("figure.note.satisfaction")])
