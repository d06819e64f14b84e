/* Colours for Python while it is typed: the classes of Pygments, which the page has styles for. */

const KEYWORDS =
  "and as assert async await break class continue def del elif else except finally for from global if " +
  "import in is lambda nonlocal not or pass raise return try while with yield";
const BUILTINS =
  "abs all any bool bytes callable chr complex dict dir divmod enumerate filter float format frozenset " +
  "getattr hasattr hash id input int isinstance issubclass iter len list locals map max min next object " +
  "open ord pow print property range repr reversed round set setattr slice sorted staticmethod str sum " +
  "super tuple type vars zip";
const kinds = new Map([
  ...BUILTINS.split(" ").map((word) => [word, "nb"]),
  ...KEYWORDS.split(" ").map((word) => [word, "k"]),
  ...["and", "in", "is", "not", "or"].map((word) => [word, "ow"]),
  ...["from", "import"].map((word) => [word, "kn"]),
  ...["None", "True", "False"].map((word) => [word, "kc"]),
  ...["self", "cls"].map((word) => [word, "bp"]),
]);
const PATTERN = new RegExp(
  [
    /(?<comment>#.*)/,
    /(?<string>(?:\b[rbfu]{1,2})?(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))/,
    /(?<number>\b(?:0[xob][\da-f_]+|\d[\d_]*\.?[\d_]*(?:e[+-]?\d+)?j?)|(?<=[^\w)\]])\.\d[\d_]*(?:e[+-]?\d+)?)/,
    /(?<decorator>(?<=^[ \t]*)@[\w.]+)/,
    /(?<word>[\p{L}_][\p{L}\p{N}_]*)/,
    /(?<operator>[-+*/%@&|^~<>=!.]+)/,
  ]
    .map((part) => part.source)
    .join("|"),
  "gimu",
);

/** Return the text of a cell as nodes: spans with classes, and plain texts between them. */
export function highlighted(source) {
  const nodes = document.createDocumentFragment();
  let end = 0;
  let before = "";
  for (const match of source.matchAll(PATTERN)) {
    const [text] = match;
    nodes.append(source.slice(end, match.index));
    const span = document.createElement("span");
    span.className = classOf(match.groups, text, before);
    span.textContent = text;
    nodes.append(span);
    end = match.index + text.length;
    before = text;
  }
  nodes.append(source.slice(end));
  return nodes;
}

function classOf(groups, text, before) {
  if (groups.comment) return "c1";
  if (groups.string) return text.includes('"""') ? "sd" : "s1";
  if (groups.number) return "mi";
  if (groups.decorator) return "nd";
  if (groups.operator) return "o";
  if (before === "def") return "nf";
  if (before === "class") return "nc";
  if (before === "import" || before === "from") return "nn";
  return before === "." ? "n" : (kinds.get(text) ?? "n");
}
