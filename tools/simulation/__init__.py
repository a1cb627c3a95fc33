"""Invented people whose truth is known, what is measured on them, and the tables of it; see simulate.py."""
