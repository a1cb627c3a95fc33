"""The convention every statistic keeps: plain unrounded numbers, and a reason beside each number that is missing.

A result is a ``NamedTuple`` of ``int``/``float`` fields whose last field is ``note``. A number that cannot be computed
is ``nan`` and ``note`` then holds one :class:`Reason`; a result without ``nan`` has an empty note.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Any, NamedTuple


class Reason(StrEnum):
    """Why a number is missing; each has a sentence ``reason.<value>`` in both catalogues."""

    NO_DATA = "no_data"                      # nobody answered
    TOO_FEW = "too_few"                      # fewer values than the method needs
    NO_VARIANCE = "no_variance"              # all values are equal
    NO_CHANGE = "no_change"                  # all differences are zero
    CONSTANT_CHANGE = "constant_change"      # everybody changed by the same amount
    CONSTANT_ITEM = "constant_item"          # everybody gave the same answer
    NO_DISCORDANT = "no_discordant"          # nobody changed the answer
    AT_MAXIMUM = "at_maximum"                # everybody was at the maximum already
    TOO_FEW_ITEMS = "too_few_items"          # one item cannot be internally consistent
    NEGATIVE_ALPHA = "negative_alpha"        # reliability below zero has no use here
    LOW_RELIABILITY = "low_reliability"      # reliability below what the method needs
    TOO_FEW_RTS = "too_few_rts"              # fewer RTs than the method needs
    NOT_CONVERGED = "not_converged"          # the fit did not converge
    NOT_DECLARED = "not_declared"            # the study or instrument does not declare what is needed
    SINGULAR = "singular"                    # the table or matrix cannot be inverted
    NO_DENOMINATOR = "no_denominator"        # the list to compare with is missing
    NOT_PAIRED = "not_paired"                # the design has no pairs
    CLUSTERED = "clustered"                  # people of one RT are not independent: no interval from persons
    NO_SHARED_RT = "no_shared_rt"            # no RT holds both groups
    INTERVAL_ONLY = "interval_only"          # the method gives an interval and no test
    NEGATIVE_SCORES = "negative_scores"      # answers may score below zero, which has no percentage
    POINT_ONLY = "point_only"                # the method gives one number and no interval
    NOT_ADDITIVE = "not_additive"            # a sum would count the same people several times
    MIXED_DEFINITIONS = "mixed_definitions"  # the numbers do not count the same thing
    INCOMPLETE = "incomplete"                # a part of the number was not recorded


def missing_fields(result: NamedTuple) -> list[str]:
    """Names of the fields that are ``nan``."""
    return [name for name, value in result._asdict().items() if isinstance(value, float) and math.isnan(value)]


def measures(result: NamedTuple) -> dict[str, Any]:
    """The fields of a result without its note, in order: what the ledger writes."""
    return {name: value for name, value in result._asdict().items() if name != "note"}
