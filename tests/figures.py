"""What tests have counted or measured, shown at the end of pytest's run.

A conftest.py imports all of it: three are hooks of pytest's.
"""

import pytest

FIGURES = []


def figure(text):
    """Keeps one."""
    FIGURES.append(text)


def pytest_sessionfinish(session):
    """One of several processes (pytest-xdist) hands on what it has."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["figures"] = FIGURES


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """And the first of them collects it."""
    FIGURES.extend(getattr(node, "workeroutput", {}).get("figures", []))


def pytest_terminal_summary(terminalreporter):
    """Shows them."""
    for text in FIGURES:
        terminalreporter.write_line(f"figure: {text}")
