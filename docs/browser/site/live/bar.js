/* The bar above the first cell: the offer, and on a live page its buttons and what is going on. */

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
  let isForGood = false;
  const complain = (content, stays) => {
    const close = makeButton("×", "Close this message", () => trouble.replaceChildren());
    close.setAttribute("aria-label", "Close this message");
    trouble.replaceChildren(make("span", {}, ...content), close);
    isForGood = stays;
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
    /** Show something that went wrong, until it is closed. */
    complain: (...content) => complain(content, false),
    /** Show something that stays wrong. */
    complainForGood: (...content) => complain(content, true),
    /** Something went well: a message of what went wrong before no longer holds. */
    settle: () => {
      if (!isForGood) trouble.replaceChildren();
    },
  };
}

function offerText(about, edits) {
  const origin = about.selfHosted ? "this site" : `${CDN_HOST}, a public server`;
  const text =
    `Every code cell can then be changed and run here. This loads Python, about 20 MB, once, from ${origin};` +
    " nothing is sent. It is five to seven times slower than on a computer, and trained numbers differ from the" +
    " printed ones, as they would with another seed.";
  return edits ? `${text} You have changed ${counted(edits, "cell")} of this page.` : text;
}
