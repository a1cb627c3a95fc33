"""Shared ground of all tests; with this file here pytest finds the package ``oracle`` beside it."""
