/* The guided experiments: a list in which one is open, with its question, button and explanation. */

import { number } from "./canvas.js";
import { element } from "./code.js";
import { EXPERIMENTS } from "./experiments.js";
import { startsOf } from "./settings.js";

const PANELS = { map: "μ in every state", promise: "promised and earned returns", code: "the code" };

/** The list of experiments. A click calls `on.chosen(name)`, `on.run(experiment)` or `on.see(panel)`. */
export class Guide {
  constructor(place, on) {
    this.on = on;
    this.chosen = null; // the experiment that is open
    this.running = null; // the one whose button was pressed last, until its explanation is shown
    this.planted = false; // whether the running one has planted its bug
    this.parts = new Map(EXPERIMENTS.map((each) => [each.name, this.#make(each)]));
    place.append(...[...this.parts.values()].map(({ item }) => item));
    this.choose(EXPERIMENTS[0].name);
  }

  /** Open one by its name, or none. */
  choose(name) {
    this.chosen = EXPERIMENTS.find((each) => each.name === name) ?? null;
    for (const [each, { item, head, body }] of this.parts) {
      const isOpen = each === this.chosen?.name;
      item.classList.toggle("open", isOpen);
      head.setAttribute("aria-expanded", String(isOpen));
      body.hidden = !isOpen;
    }
  }

  /** Say on each button whether a click loads Python first; disable the buttons if Python is lost. */
  announce(loads, isLost) {
    for (const { experiment, run } of this.parts.values()) {
      run.disabled = isLost;
      const { action } = experiment;
      run.textContent = loads ? `Load Python and ${action[0].toLowerCase()}${action.slice(1)}` : action;
    }
  }

  /** Begin an experiment: hide its explanation until the run has reached the step of `reveal`. */
  start(experiment) {
    this.running = experiment;
    this.planted = false;
    this.#reveal(experiment, false);
    const { show } = this.parts.get(experiment.name);
    show.textContent = `Show what happens (by itself at step ${number(experiment.reveal)})`;
  }

  /** End the running experiment, because the visitor does something else; return whether one was running. */
  cancel() {
    const experiment = this.running;
    this.running = null;
    if (!experiment) return false;
    this.#reveal(experiment, false);
    return true;
  }

  /** Follow the run; return the bug that the experiment plants now, or "". */
  follow(step) {
    const experiment = this.running;
    if (!experiment) return "";
    if (step >= experiment.reveal) {
      this.#reveal(experiment, true);
      this.running = null;
    }
    if (!experiment.later || step < experiment.later.step || this.planted) return "";
    this.planted = true;
    return experiment.later.bug;
  }

  #make(experiment) {
    const item = element("li", "experiment");
    const head = element("button", "head", experiment.title);
    const body = element("div", "body");
    const run = element("button", "run", experiment.action);
    const show = element("button", "quiet", "Show what happens");
    const answer = element("div", "answer");
    head.type = run.type = show.type = "button";
    body.id = `experiment-${experiment.name}`;
    item.dataset.name = experiment.name;
    head.setAttribute("aria-controls", body.id);
    answer.append(
      ...experiment.answer.map((text) => element("p", "", text)),
      links(experiment.links),
    );
    const buttons = element("p", "buttons");
    buttons.append(run, show);
    const question = element("p", "question", `${experiment.question} `);
    if (experiment.opens) question.append(this.#below(experiment.opens));
    body.append(question, buttons, answer);
    item.append(head, body);
    head.addEventListener("click", () => {
      this.on.chosen(this.chosen === experiment ? "" : experiment.name);
    });
    run.addEventListener("click", () => this.on.run(experiment));
    show.addEventListener("click", () => this.#reveal(experiment, answer.hidden));
    answer.hidden = true;
    answer.setAttribute("aria-live", "polite");
    return { experiment, item, head, body, run, answer, show };
  }

  #below(panel) {
    const see = element("button", "quiet", `See below: ${PANELS[panel]}.`);
    see.type = "button";
    see.addEventListener("click", () => this.on.see(panel));
    return see;
  }

  #reveal(experiment, isShown) {
    const { answer, show } = this.parts.get(experiment.name);
    answer.hidden = !isShown;
    show.textContent = isShown ? "Hide the explanation" : "Show what happens";
  }
}

/** Return the choice that an experiment begins with. */
export function choiceOf(experiment) {
  return { bug: "", settings: { ...startsOf(null), ...experiment.settings } };
}

function links(list) {
  const line = element("p", "links");
  line.append("Read on: ");
  list.forEach(([text, address], index) => {
    const link = element("a", "", text);
    link.href = address;
    line.append(index > 0 ? " · " : "", link);
  });
  return line;
}
