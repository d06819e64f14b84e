"""Write characters that an output's encoding lacks in ASCII: θ as theta, ∇a Q as grad_a Q."""

import codecs
import re
import unicodedata

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
    return character.encode("ascii", "backslashreplace").decode("ascii")


def plain_or_same(character: str) -> str:
    """Return an ASCII character unchanged, any other one in its plain form."""
    return character if character.isascii() else plain(character)


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(plain_or_same, error.object[error.start : error.end])), error.end


codecs.register_error(PLAIN, _replace)
