"""Ten statistics with answers that other software gave: does this installation compute the same?"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from baksos_eval.stats.description import shapiro_wilk
from baksos_eval.stats.effect import cohen_d_z
from baksos_eval.stats.group_agreement import intraclass_correlation
from baksos_eval.stats.items import mcnemar
from baksos_eval.stats.paired import mean_change
from baksos_eval.stats.ranks import signed_rank
from baksos_eval.stats.reliability import cronbach_alpha
from baksos_eval.stats.several import pool
from baksos_eval.stats.square_tables import stuart_maxwell
from baksos_eval.stats.unpaired import mean_difference

TOLERANCE = 1e-8
"""Relative: eight significant digits."""


@dataclass(frozen=True)
class KnownAnswer:
    """A statistic of known data.

    Attributes:
        name: what it is, as ``doctor.statistic.<name>``.
        tool: what computed the expected value, with its version.
        source: whose data.
        oracle: file, case and keys of the value in ``tests/oracle``.
        expected: the value.
        compute: our value.
    """

    name: str
    tool: str
    source: str
    oracle: tuple[str, ...]
    expected: float
    compute: Callable[[], float]

    def agrees(self, value: float) -> bool:
        """Whether a value is the expected one."""
        return math.isclose(value, self.expected, rel_tol=TOLERANCE)


_R = "R 4.2.2"
_SLEEP_PRE = (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2)
_SLEEP_POST = (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)
_ATTITUDE = (
    "43 51 30 39 61 92 45 63 64 51 54 63 73 47 71 70 68 69 76 86 48 61 63 45 47 54 84 35 81 78 56 66 71 83 47 43 55 49 44 54 49 34 58 67 42 56 66 68 35 "
    "71 75 50 55 70 66 41 72 82 72 67 71 83 31 67 61 45 47 62 80 41 64 53 53 58 58 67 34 67 60 47 39 59 74 41 69 62 57 42 55 63 25 68 83 83 45 59 77 35 "
    "77 77 54 72 79 77 46 81 90 50 72 60 54 36 74 85 64 69 79 79 63 65 60 65 75 55 80 60 65 70 46 57 75 85 46 50 58 68 54 64 78 52 50 40 33 34 43 64 33 "
    "64 61 52 62 66 80 41 53 66 52 50 63 80 37 40 37 42 58 50 57 49 63 54 42 48 66 75 33 66 77 66 63 88 76 72 78 75 58 74 80 78 49 48 57 44 45 51 83 38 "
    "85 85 71 71 77 74 55 82 82 39 59 64 78 39")
_BCG = (-0.889311333920205, -1.58538865720143, -1.34807314829969, -1.44155119002131, -0.217547322211296, -0.786115585818864, -1.62089822359839, 0.0119523335238405,
        -0.469417648738149, -1.37134480347278, -0.339358828338391, 0.445913400571379, -0.0173139482168798)
_BCG_VARIANCES = (0.325584765003961, 0.194581121398144, 0.415367965367965, 0.0200100319022476, 0.0512101721696309, 0.00690561845590876, 0.223017247572315, 0.00396157929781773,
                  0.056434210463249, 0.0730247936130289, 0.0124122139715597, 0.532505845200153, 0.0714046596839863)
_SHROUT = (9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7)


def _agresti() -> tuple[np.ndarray, np.ndarray]:
    """150 answers that became right and 86 that became wrong."""
    return np.array([0.0] * 150 + [1.0] * 86), np.array([1.0] * 150 + [0.0] * 86)


KNOWN_ANSWERS = (
    KnownAnswer("paired_t", f"{_R}, t.test", "Student (1908), sleep", ("oracle", "sleep", "t"), 4.06212768338204,
                lambda: mean_change(_SLEEP_PRE, _SLEEP_POST).statistic),
    KnownAnswer("signed_rank", f"{_R}, coin 1.4.2", "Student (1908), sleep", ("oracle", "sleep", "exact_p_pratt"), 0.00390625,
                lambda: signed_rank(_SLEEP_PRE, _SLEEP_POST).p),
    KnownAnswer("effect", _R, "Student (1908), sleep", ("oracle", "sleep", "g_z"), 1.1739249035142, lambda: cohen_d_z(_SLEEP_PRE, _SLEEP_POST).g),
    KnownAnswer("shapiro_wilk", f"{_R}, shapiro.test", "Student (1908), sleep", ("oracle", "sleep", "shapiro_W"), 0.829871331928794,
                lambda: shapiro_wilk(np.subtract(_SLEEP_POST, _SLEEP_PRE)).statistic),
    KnownAnswer("alpha", f"{_R}, psych 2.2.9", "R datasets, attitude", ("oracle", "alpha_attitude", "alpha"), 0.84314276956476,
                lambda: cronbach_alpha(np.array(_ATTITUDE.split(), dtype=float).reshape(30, 7)).alpha),
    KnownAnswer("mcnemar", _R, "Agresti (1990)", ("oracle", "mcnemar_agresti", "p_mid"), 2.89338951761547e-05, lambda: mcnemar(*_agresti()).p_mid),
    KnownAnswer("stuart_maxwell", f"{_R}, coin 1.4.2", "3 x 3", ("oracle", "square_3x3", "stuart_maxwell", "chi2"), 13.7647058823529,
                lambda: stuart_maxwell(np.array([[20, 10, 5], [3, 30, 15], [0, 5, 40]])).statistic),
    KnownAnswer("pooled", f"{_R}, metafor 3.8.1", "BCG", ("several", "bcg", "estimate"), -0.714968153493444, lambda: pool(_BCG, _BCG_VARIANCES).estimate),
    KnownAnswer("welch", f"{_R}, t.test", "Student (1908), sleep", ("unpaired", "sleep_apart", "welch", "p"), 0.0793941401873582,
                lambda: mean_difference(_SLEEP_PRE, _SLEEP_POST).p),
    KnownAnswer("intraclass", f"{_R}, psych 2.2.9", "Shrout & Fleiss (1979)", ("group_agreement", "shrout_fleiss", "icc1"), 0.165741768405476,
                lambda: intraclass_correlation(_SHROUT, [number // 4 for number in range(24)]).icc1),
)
