/* The bar above the first cell: the offer to make the page live; later the buttons and the status. */

import { CDN_HOST } from "../python/cdn.js";
import { counted, make, makeButton } from "./page.js";

/** Make the bar; `edits` is the number of cells that were changed in an earlier visit. */
export function makeBar(about, edits) {
  const element = make("div", { class: "live-bar", role: "region", "aria-label": "Live page" });
  const tools = make("div", { class: "live-tools" });
  const progress = make("progress", { max: "1", value: "0", "aria-label": "Loading", hidden: "" });
  const status = make("span", { class: "live-status", "aria-live": "polite" });
  const trouble = make("div", { class: "live-trouble", role: "alert" });
  let start = () => {};
  const button = makeButton("▶ Make this page live", "Run Python in this page", () => {
    button.disabled = true;
    start();
  });
  button.className = "live-start";
  tools.append(button, progress, status);
  element.append(tools, trouble);
  status.textContent = offerText(about, edits);

  const say = (...content) => status.replaceChildren(...content);
  let isPermanent = false;
  const complain = (content, stays) => {
    const close = makeButton("×", "Close this message", () => trouble.replaceChildren());
    close.setAttribute("aria-label", "Close this message");
    trouble.replaceChildren(make("span", {}, ...content), close);
    isPermanent = stays;
  };
  return {
    element,
    say,
    onStart: (act) => {
      start = act;
    },
    offerAgain: (text) => {
      button.disabled = false;
      say(text);
    },
    /** Replace the offer by the buttons of a live page. */
    showTools: (...buttons) => {
      element.classList.add("live-on");
      document.documentElement.classList.add("live-page");
      button.replaceWith(...buttons);
      buttons[0].focus({ preventScroll: true });
    },
    showLoading: (text, part) => {
      progress.hidden = false;
      progress.value = part;
      say(text);
    },
    hideLoading: () => {
      progress.hidden = true;
    },
    /** Show a problem, until the learner closes the message. */
    complain: (...content) => complain(content, false),
    /** Show a problem that cannot be solved while the page is open. */
    complainPermanently: (...content) => complain(content, true),
    /** Remove the message of an earlier problem, because something has succeeded. */
    settle: () => {
      if (!isPermanent) trouble.replaceChildren();
    },
  };
}

function offerText(about, edits) {
  const origin = about.selfHosted ? "this site" : `${CDN_HOST}, a public server`;
  const text =
    `Then you can change and run every code cell here. The page loads Python, about 20 MB, once, from ${origin}, and` +
    " sends nothing. Python is about seven times slower than outside a browser, and trained numbers differ from" +
    " the printed ones, as they would with another seed.";
  return edits ? `${text} You have changed ${counted(edits, "cell")} of this page.` : text;
}
