"""Shared ground of all tests; with this file here ``tests.oracle`` can be imported wherever pytest is started."""

from hypothesis import settings

# the same examples on every machine, however busy it is: a test says what is true, never how fast
settings.register_profile("baksos", deadline=None, derandomize=True)
settings.load_profile("baksos")
