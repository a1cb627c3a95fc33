"""Which words a design calls for: a topic of paired people, told otherwise or left out where nobody can be paired."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from baksos_eval.report.text import Catalogue

Topic = Callable[..., Any]


def unless_anonymous(instead: Topic | None = None) -> Callable[[Topic], Topic]:
    """Makes a topic say ``instead`` about an anonymous study, or nothing (``None``) where there is no such thing to say."""
    def decorate(topic: Topic) -> Topic:
        @wraps(topic)
        def choose(result: Any, *more: Any, **named: Any) -> Any:
            if not result.study.is_anonymous:
                return topic(result, *more, **named)
            return instead(result, *more, **named) if instead else None

        return choose

    return decorate


def two_sizes(pre: int | str, post: int | str, c: Catalogue) -> str:
    """How many people there are before and after, for a place that has ``n =``."""
    return c.text("groups.sizes", pre=pre, post=post)
