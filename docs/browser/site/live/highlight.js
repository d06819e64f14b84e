/* Highlights Python while it is typed, with the classes of Pygments, for which the page has styles. */

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
const END = "(?![^])"; // of the whole text
const PATTERN = new RegExp(
  [
    String.raw`(?<comment>#.*)`,
    String.raw`(?<string>(?:\b[rbfu]{1,2})?(?:"""[^]*?(?:"""|${END})|'''[^]*?(?:'''|${END})|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))`,
    String.raw`(?<module>(?<=^[ \t]*(?:from|import)[ \t]+|^[ \t]*import[ \t].*\bas[ \t]+)[\w.]+)`,
    String.raw`(?<number>\b(?:0[xob][\da-f_]+|\d[\d_]*\.?[\d_]*(?:e[+-]?\d+)?j?))`,
    String.raw`(?<decorator>(?<=^[ \t]*)@[\w.]+)`,
    String.raw`(?<word>[\p{L}_][\p{L}\p{N}_]*)`,
    String.raw`(?<operator>[-+*/%@&|^~<>=!.]+)`,
  ].join("|"),
  "gimu",
);
const FIELD = /\{\{|\}\}|\{([^{}]*?)(![rsa])?(:[^{}]*)?\}/g; // of an f-string

/** Return the text of a cell as nodes: spans with classes, and plain texts between them. */
export function highlighted(source) {
  const nodes = document.createDocumentFragment();
  let end = 0;
  let before = "";
  for (const match of source.matchAll(PATTERN)) {
    const [text] = match;
    nodes.append(source.slice(end, match.index));
    if (/^\w*f\w*["']/i.test(text)) nodes.append(fString(text));
    else nodes.append(span(classOf(match.groups, text, before), text));
    end = match.index + text.length;
    before = text;
  }
  nodes.append(source.slice(end));
  return nodes;
}

function classOf(groups, text, before) {
  if (groups.comment) return "c1";
  if (groups.string) return /^\w*("""|''')/.test(text) ? "sd" : "s1";
  if (groups.module) return "nn";
  if (groups.number) return "mi";
  if (groups.decorator) return "nd";
  if (groups.operator) return "o";
  if (/^__\w+__$/.test(text)) return "fm";
  if (before === "def") return "nf";
  if (before === "class") return "nc";
  if (before === ".") return "n";
  return kinds.get(text) ?? (/^[A-Z]\w*(Error|Warning|Exception)$/.test(text) ? "ne" : "n");
}

/** Return the nodes of an f-string, with the code in its braces. */
function fString(text) {
  const nodes = document.createDocumentFragment();
  let end = 0;
  for (const match of text.matchAll(FIELD)) {
    const [field, code, conversion = "", format = ""] = match;
    nodes.append(span("s1", text.slice(end, match.index)));
    if (code === undefined) nodes.append(span("s1", field));
    else {
      nodes.append(span("si", "{"), highlighted(code), span("si", conversion));
      nodes.append(span("si", format.slice(0, 1)), span("s1", format.slice(1)), span("si", "}"));
    }
    end = match.index + field.length;
  }
  nodes.append(span("s1", text.slice(end)));
  return nodes;
}

function span(name, text) {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  return element;
}
