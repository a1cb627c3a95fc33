"""Shared ground of all tests; with this file here ``tests.oracle`` can be imported wherever pytest is started."""
