"""Make docs/settings.md from the fields of Config and from the presets.

.venv/bin/python docs/_generate/settings.py > docs/settings.md
"""

from dataclasses import Field, fields
from typing import Any

from minddpg.ddpg.config import Config
from minddpg.ddpg.presets import PRESETS
from minddpg.experiments.tables import markdown_table

PAGE = """# Settings

Every field of [`minddpg.Config`](api/training.md), which checks itself when it is made. The
setting `name` is the flag `--name` of `minddpg train`, with `-` for `_`. What the paper uses, and
why the defaults differ: [The paper's settings, and where we had to choose](deviations.md).

{settings}
## Presets

`minddpg train --preset NAME`, or `Config.preset("NAME", ...)`. What each preset sets:

{presets}
## The settings of an earlier run

`minddpg train --config RUN` starts from the settings of a run instead of a preset. RUN is a run
folder, its `config.json`, or a JSON file of settings alone. A setting that is given as a flag wins,
before or behind it.
"""


def page() -> str:
    """Return the whole page, in Markdown."""
    header = ("setting", "default", "allowed", "what")
    settings = markdown_table(header, map(_row, fields(Config)))
    values = [
        (_code(item.name), *(_code(preset.get(item.name, "")) for preset in PRESETS.values()))
        for item in fields(Config)
    ]
    set_by_a_preset = [row for row in values if any(row[1:])]
    presets = markdown_table(("setting", *map(_code, PRESETS)), set_by_a_preset)
    return PAGE.format(settings=settings, presets=presets)


def _row(item: "Field[Any]") -> tuple[str, ...]:
    allowed = item.metadata["allowed"] or ""
    span = ", ".join(map(_code, allowed)) if isinstance(allowed, tuple) else _code(allowed)
    return _code(item.name), _code(item.default), span, item.metadata["help"]


def _code(value: object) -> str:
    return f"`{value}`".replace("inf)", "∞)") if value != "" else ""


if __name__ == "__main__":
    print(page(), end="")
