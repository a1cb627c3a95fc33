"""Evaluation of community service (PKPM, bakti sosial, KKN) from pre/post questionnaires, one RT at a time."""

__version__ = "0.1.0"
