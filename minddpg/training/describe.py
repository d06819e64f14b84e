"""Describe a result by a few facts: in text lines, and as a table in a notebook.

Facts are lines of names and values, such as ({"environment": "Pendulum-v1"}, {"folder": "runs/a"}).
"""

from html import escape

from ..storage import printable

Facts = tuple[dict[str, str], ...]


def as_text(described: object, facts: Facts) -> str:
    """Return the facts in lines, after the name of the class."""
    lines = (", ".join(f"{name} {value}" for name, value in line.items()) for line in facts)
    return f"<{type(described).__name__}: " + "\n  ".join(map(printable, lines)) + ">"


def as_html(described: object, facts: Facts) -> str:
    """Return the facts as a table in the notebook's colours, light or dark."""
    cell = '<{0} style="text-align: left">{1}</{0}>'
    rows = [
        f"<tr>{cell.format('th', escape(name))}{cell.format('td', escape(value))}</tr>"
        for line in facts
        for name, value in line.items()
    ]
    return f"<table><caption>{type(described).__name__}</caption>{''.join(rows)}</table>"
