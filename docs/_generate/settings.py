"""docs/settings.md, made of the dataclass that defines the settings.

.venv/bin/python docs/_generate/settings.py > docs/settings.md
"""

from dataclasses import fields

from minddpg.ddpg.config import Config
from minddpg.ddpg.presets import PRESETS

PREFACE = """# Settings

Every field of [`minddpg.Config`](api/training.md), which checks itself when it is made. A setting
`name` is the flag `--name` of `minddpg train`, with `-` for `_`. What the paper uses, and why ours
differ: [The paper's settings, and where we had to choose](deviations.md).

| setting | default | allowed | what |
| --- | --- | --- | --- |
"""
GROUPS = """
## Presets

`minddpg train --preset NAME`, or `Config.preset("NAME", ...)`. What each sets:

"""


def page() -> str:
    """Return the whole page, in Markdown."""
    rows = []
    for item in fields(Config):
        allowed = item.metadata["allowed"] or ""
        span = ", ".join(map(_code, allowed)) if isinstance(allowed, tuple) else _code(allowed)
        what = item.metadata["help"].replace("|", "\\|")
        rows.append(f"| `{item.name}` | {_code(item.default)} | {span} | {what} |")
    heads = [
        f"| setting | {' | '.join(map(_code, PRESETS))} |",
        "| --- " * (len(PRESETS) + 1) + "|",
    ]
    for item in fields(Config):
        cells = [_code(preset.get(item.name, "")) for preset in PRESETS.values()]
        if any(cells):
            heads.append(f"| `{item.name}` | {' | '.join(cells)} |")
    return PREFACE + "\n".join(rows) + "\n" + GROUPS + "\n".join(heads) + "\n"


def _code(value: object) -> str:
    return f"`{value}`".replace("inf)", "∞)") if value != "" else ""


if __name__ == "__main__":
    print(page(), end="")
