/* Python code on the page: highlighted lines, and the lines of a diff. */

const TOKENS = new RegExp(
  [
    String.raw`(?<comment>#.*)`,
    String.raw`(?<string>"""[\s\S]*?(?:"""|$)|"[^"]*"|'[^']*')`,
    String.raw`(?<keyword>\b(?:def|class|return|if|else|elif|for|in|while|with|as|not|and|or|is|None|True|False|lambda|yield|raise|import|from|self)\b)`,
    String.raw`(?<number>\b\d[\d_]*\.?\d*(?:e-?\d+)?\b)`,
  ].join("|"),
  "g",
);
const KINDS = { "+": "wrong", "-": "correct", " ": "same" };
const CONTEXT = 4; // lines that are shown around a change
const LABELS = { "+": "bug", "-": "correct", " ": "" };

/** Fill a <pre> with lines of code; those for which `isMarked(line)` is true are marked. */
export function showLines(pre, lines, isMarked) {
  const rows = lines.map((line) => {
    const row = element("span", isMarked(line) ? "line marked" : "line");
    row.append(...highlighted(line), "\n");
    return row;
  });
  pre.replaceChildren(...rows);
}

/** Fill a <pre> with a diff, a list of [sign, line], without the lines far from every change. */
export function showDiff(pre, diff) {
  const rows = [];
  let isGap = false;
  diff.forEach(([sign, line], index) => {
    if (index > 0 && !isNearChange(diff, index)) {
      if (!isGap) rows.push(element("span", "line gap", "⋯\n"));
      isGap = true;
      return;
    }
    isGap = false;
    const row = element("span", `line ${KINDS[sign]}`);
    row.append(element("span", "label", LABELS[sign]), ...highlighted(line), "\n");
    rows.push(row);
  });
  pre.replaceChildren(...rows);
}

function isNearChange(diff, index) {
  const around = diff.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1);
  return around.some(([sign]) => sign !== " ");
}

/** Make an element with a class and, optionally, a text. */
export function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function highlighted(line) {
  const parts = [];
  let end = 0;
  for (const match of line.matchAll(TOKENS)) {
    parts.push(line.slice(end, match.index));
    const [kind] = Object.entries(match.groups).find(([, text]) => text !== undefined);
    parts.push(element("span", kind, match[0]));
    end = match.index + match[0].length;
  }
  parts.push(line.slice(end));
  return parts;
}
