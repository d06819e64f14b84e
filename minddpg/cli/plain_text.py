"""Replace characters that an output's encoding lacks by ASCII: θ by theta, ∇a Q by grad_a Q."""

import codecs
import re
import unicodedata
from collections.abc import Sequence
from functools import partial
from pathlib import Path

PLAIN = "minddpg.plain"  # the name of the error handler, for `errors=` of a text stream
FORMS = {
    **{"−": "-", "–": "-", "—": "-", "‑": "-", "·": ".", "×": "x", "∗": "*", "±": "+/-"},
    **{"≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "→": "->", "←": "<-", "∞": "inf", "…": "..."},
    **{"∇": "grad_", "∂": "d", "√": "sqrt ", "Σ": "sum ", "‖": "||", "½": "1/2", "ᵀ": "^T"},
    **{"“": '"', "”": '"', "‘": "'", "’": "'", "✓": "yes", "µ": "u", "█": "#"},
    **{"★": "*", "☆": "-", "●": "*", "○": "-", "λ": "lambda", "Λ": "Lambda"},  # Unicode: LAMDA
    **{"ã": "a~", "\N{COMBINING CIRCUMFLEX ACCENT}": "^", "\N{COMBINING DOT ABOVE}": "'"},
}
MARKS = {"<super>": "^", "<sub>": "_", "<wide>": "", "<noBreak>": ""}  # kinds of decompositions


def plain(character: str) -> str:
    """Return a readable ASCII form of a character, or its escape if no form is known."""
    if character in FORMS:
        return FORMS[character]
    greek = re.match(r"GREEK (SMALL|CAPITAL) LETTER (\w+)", unicodedata.name(character, ""))
    if greek:
        return greek[2].lower() if greek[1] == "SMALL" else greek[2].capitalize()
    kind, *codes = unicodedata.decomposition(character).split() or [""]
    if kind in MARKS:
        return MARKS[kind] + "".join(plain_or_same(chr(int(code, 16))) for code in codes)
    return _escape(character)


def plain_or_same(character: str) -> str:
    """Return an ASCII character unchanged, any other one in its plain form."""
    return character if character.isascii() else plain(character)


def keep_names(words: Sequence[str]) -> None:
    """Escape the paths in these words from now on: runs/γ must not become runs/gamma.

    Args:
        words: of the command line, paths among them.
    """
    values = [each for word in words for each in (word, *word.split("=", 1))]
    paths = [Path(each) for each in values if not each.isascii()]
    names = {str(each) for path in paths for each in (path, *path.parents)}
    names |= {name.replace("'", "'\"'\"'") for name in names}  # as a shell's quotes show them
    handler = partial(_replace, [name for name in names if not name.isascii()])
    codecs.register_error(PLAIN, handler)


def _escape(character: str) -> str:
    return character.encode("ascii", "backslashreplace").decode("ascii")


def _replace(names: Sequence[str], error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text, start, end = error.object, error.start, error.end
    found = (match.span() for name in names for match in re.finditer(re.escape(name), text))
    kept = {i for span in found for i in range(*span)}
    forms = [(_escape if i in kept else plain_or_same)(text[i]) for i in range(start, end)]
    return "".join(forms), end


keep_names([])
