"""What tests have counted or measured, shown at the end of pytest's run.

A conftest.py imports both names: the second is a hook of pytest's.
"""

FIGURES = []


def figure(text):
    """Keeps one."""
    FIGURES.append(text)


def pytest_terminal_summary(terminalreporter):
    """Shows them."""
    for text in FIGURES:
        terminalreporter.write_line(f"figure: {text}")
