/* The text that a cell prints, as a terminal would show it; a very long text is cut in the middle. */

const MOST = 20_000; // characters at each end of a text that is cut

export class StreamText {
  constructor() {
    this.head = "";
    this.tail = "";
    this.leftOut = 0;
  }

  /** Add a text; `leftOut` characters before it were not sent. */
  add(text, leftOut = 0) {
    if (leftOut) {
      this.leftOut += this.tail.length + leftOut;
      this.tail = "";
    }
    if (!this.leftOut && this.head.length + text.length <= MOST && !this.tail) {
      this.head += text;
      this.head = returned(this.head);
      return;
    }
    this.tail = returned(this.tail + text);
    const excess = this.tail.length - MOST;
    if (excess > 0) {
      this.leftOut += excess;
      this.tail = this.tail.slice(excess);
    }
  }

  toString() {
    const notice = `\n… ${this.leftOut.toLocaleString("en")} characters are left out here …\n`;
    return (this.head + (this.leftOut ? notice : "") + this.tail).replace(/\r$/, "");
  }
}

/** Return a text in which the part after a carriage return has replaced the part before it. */
function returned(text) {
  if (!text.includes("\r")) return text;
  return text
    .replaceAll("\r\n", "\n")
    .split("\n")
    .map((line) => {
      const parts = line.split("\r");
      const isOpen = parts.at(-1) === ""; // the next text replaces this one
      const shown = parts.findLast((part) => part !== "") ?? "";
      return isOpen && parts.length > 1 ? `${shown}\r` : shown;
    })
    .join("\n");
}
