"""Regular delimited text read as whole columns at once: only where every record is plainly as long as the first."""

from __future__ import annotations

import io

import numpy as np

_QUOTE, _CARRIAGE_RETURN, _NEW_LINE = b'"'[0], b"\r"[0], b"\n"[0]


def read_columns(text: str, delimiter: str, longest_field: int) -> list[np.ndarray] | None:
    """The cells of all records as one array of texts per column; ``None`` where reading record by record could tell otherwise.

    That is a text with records of different lengths or of one cell, with quotation marks that do not enclose a whole cell,
    with single carriage returns or with a cell longer than ``longest_field``.
    """
    import pandas as pd

    if not delimiter.isascii() or delimiter in "\"\r\n " or text.startswith("\ufeff"):
        return None
    content = text.rstrip("\r\n").encode("utf-8")
    if not _is_regular(np.frombuffer(content, dtype=np.uint8), ord(delimiter), longest_field):
        return None
    frame = pd.read_csv(io.BytesIO(content), sep=delimiter, header=None, index_col=False, dtype=object, na_filter=False, engine="c",
                        encoding="utf-8", skip_blank_lines=False, low_memory=False)
    return [frame[position].to_numpy(dtype=object) for position in frame]


def _is_regular(characters: np.ndarray, delimiter: int, longest_field: int) -> bool:
    if not len(characters):
        return False
    quotes, returns, delimiters, ends = (np.flatnonzero(characters == mark) for mark in (_QUOTE, _CARRIAGE_RETURN, delimiter, _NEW_LINE))
    if len(returns) and (returns[-1] + 1 == len(characters) or (characters[returns + 1] != _NEW_LINE).any()):
        return False
    if len(quotes):
        if not _enclose_cells(characters, quotes, delimiter):
            return False
        inside_of = {name: np.searchsorted(quotes, places) % 2 == 1 for name, places in (("return", returns), ("delimiter", delimiters), ("end", ends))}
        if inside_of["return"].any():
            return False
        delimiters, ends = delimiters[~inside_of["delimiter"]], ends[~inside_of["end"]]
    in_record = np.diff(np.searchsorted(delimiters, ends), prepend=0, append=0)
    in_record[-1] = len(delimiters) - in_record[:-1].sum()
    if in_record[0] < 1 or (in_record != in_record[0]).any():
        return False
    borders = np.sort(np.concatenate([delimiters, ends]))
    return int(np.diff(borders, prepend=-1, append=len(characters)).max()) <= longest_field


def _enclose_cells(characters: np.ndarray, quotes: np.ndarray, delimiter: int) -> bool:
    """Whether every quotation mark begins or ends a whole cell, or stands doubled inside one."""
    if len(quotes) % 2:
        return False
    opening, closing = quotes[::2], quotes[1::2]
    before = np.where(opening > 0, characters[opening - 1], _NEW_LINE)
    after = np.where(closing + 1 < len(characters), characters[np.minimum(closing + 1, len(characters) - 1)], _NEW_LINE)
    return bool(np.isin(before, (delimiter, _NEW_LINE, _QUOTE)).all() and np.isin(after, (delimiter, _NEW_LINE, _CARRIAGE_RETURN, _QUOTE)).all())
