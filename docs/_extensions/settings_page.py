"""The table of all settings, made of the dataclass that defines them."""

from dataclasses import fields
from pathlib import Path

from sphinx.application import Sphinx

from minddpg import Config
from minddpg.presets import PRESETS

PAGE = Path(__file__).parents[1] / "api" / "settings.md"
HEAD = """# Settings

```{eval-rst}
.. autoclass:: minddpg.Config
   :members: preset, to_json, from_json, of
   :inherited-members:
```

A setting `name` is the flag `--name` of `minddpg train`, with `-` for `_`. What the paper uses and
why ours differ: [The paper's settings, and where we had to choose](../deviations.md).

"""


def shown(value: object) -> str:
    return f"`{value}`".replace("inf)", "∞)")


def table(app: Sphinx) -> None:
    rows = ["| setting | default | allowed | what |", "| --- | --- | --- | --- |"]
    for item in fields(Config):
        allowed = item.metadata["allowed"]
        choices = ", ".join(map(shown, allowed)) if isinstance(allowed, tuple) else ""
        span = choices or (shown(allowed) if allowed else "")
        what = item.metadata["help"].replace("|", "\\|")
        rows.append(f"| `{item.name}` | {shown(item.default)} | {span} | {what} |")
    rows += ["", "## Presets", "", "What each sets:", ""]
    rows += ["| setting | " + " | ".join(f"`{name}`" for name in PRESETS) + " |"]
    rows += ["| --- " * (len(PRESETS) + 1) + "|"]
    for item in fields(Config):
        cells = [shown(p[item.name]) if item.name in p else "" for p in PRESETS.values()]
        if any(cells):
            rows.append(f"| `{item.name}` | {' | '.join(cells)} |")
    text = HEAD + "\n".join(rows) + "\n"
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        PAGE.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", table)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
