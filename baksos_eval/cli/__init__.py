"""The command ``baksos``."""

from baksos_eval.cli.commands import build, main

__all__ = ["build", "main"]
