/* The bug menu, the card that tells the story of the chosen bug, and the lines of code. */

import { number } from "./canvas.js";
import { element, showDiff, showLines } from "./code.js";

const GROUPS = {
  learning: "Networks and losses",
  targets: "Targets",
  replay: "Replay buffer",
  world: "Actions, noise and episodes",
};
const FIRST = ["actor-sign", "wrong-slice", "relu-slope-missing", "reset-stored"]; // offered as buttons
const FAILS = -500; // a median return below this has not learned to swing up
const WORDS = {
  // the settings that a bug needs, in words
  batch_norm: () => "batch normalization",
  action_layer: () => "the action entering Q’s second layer",
  replay_capacity: (size) => `a replay buffer of ${number(size)} transitions`,
  noise: () => "Ornstein–Uhlenbeck noise",
  noise_scale: (scale) => `σ = ${scale}`,
  actor_learning_rate: (rate) => `an actor’s learning rate of ${rate}`,
  critic_learning_rate: (rate) => `a critic’s learning rate of ${rate}`,
  critic_weight_decay: (decay) => `a weight decay of ${decay} in the critic`,
};

/** Fill the menu with the bugs, in their groups. */
export function fillMenu(select, bugs) {
  for (const group of new Set(bugs.map((bug) => bug.group))) {
    const list = document.createElement("optgroup");
    list.label = GROUPS[group] ?? group;
    list.append(...bugs.filter((bug) => bug.group === group).map(optionOf));
    select.append(list);
  }
}

function optionOf({ name, story, needsRestart }) {
  const option = new Option(needsRestart ? `${name} (new run)` : name, name);
  option.title = story;
  return option;
}

/** Offer a few bugs as buttons with their stories; a click calls `plant(name)`. */
export function offerFirst(place, bugs, plant) {
  const offers = bugs
    .filter(({ name }) => FIRST.includes(name))
    .map(({ name, story }) => {
      const button = element("button", "", name);
      button.type = "button";
      button.addEventListener("click", () => plant(name));
      return [button, element("span", "", story)];
    });
  place.replaceChildren(...offers.flat());
}

/** Describe the chosen bug, or say that the code is correct; `data` is bugs.json, and the recorded run has no bug. */
export function tellStory(card, bug, data, isLive) {
  card.classList.toggle("planted", Boolean(bug) && isLive);
  const [title, story, seeds, notes] = card.querySelectorAll("[data-part]");
  title.textContent = "The code is correct. Break it?";
  if (bug) title.textContent = isLive ? `Planted: ${bug.name}` : `Chosen: ${bug.name}. Train to see it.`;
  story.textContent = bug
    ? bug.story
    : "Each bug is a mistake that learners and published code have made. The menu above has " +
      `${data.bugs.length} of the zoo’s ${data.bugs.length + data.leftOut.length}; the others change nothing here. ` +
      "Four to begin with:";
  seeds.textContent = bug ? whatItDid(bug, data) : "";
  notes.replaceChildren(...(bug ? remarks(bug) : []));
}

/** Show the actor's update, or the functions that a bug changes as a diff. */
export function showCode(panel, bug, { actorLoss }) {
  panel.querySelector("summary").textContent = bug
    ? "What the bug changes"
    : "The lines of code that move the actor";
  const title = panel.querySelector("[data-part=where]");
  const blocks = panel.querySelector("[data-part=blocks]");
  const parts = bug ? (bug.diffs ?? [bug]) : [actorLoss];
  title.textContent = bug
    ? "Each function that the bug changes: its correct lines, and those of the bug."
    : "The whole update of the actor. The marked lines turn the arrows ∇a Q into a step for its weights.";
  const made = parts.map((part) => {
    const pre = element("pre", "code");
    pre.tabIndex = 0; // so that the keyboard can scroll it
    pre.setAttribute("aria-label", `Code of ${part.where ?? "DDPG.actor_loss"}`);
    if (part.diff) showDiff(pre, part.diff);
    else showLines(pre, part.lines, (line) => line.includes("dq_da"));
    const name = element("p", "file", `${part.where ?? "DDPG.actor_loss"} in ${part.file}`);
    return [name, pre];
  });
  blocks.replaceChildren(...made.flat());
}

function whatItDid(bug, data) {
  const wrong = atTheEnd(bug.seeds);
  const right = atTheEnd(bug.correct ?? data.correct);
  if (!wrong || !right) return "";
  const isSilent = wrong.low > right.low - (right.high - right.low); // the worst seed is within the spread
  return (
    `Five recorded seeds with it from step 0, after ${number(wrong.step)} steps: return ${spread(wrong)}. ` +
    `Correct code${bug.correct ? " with the same settings" : ""}: ${spread(right)}.` +
    (right.median < FAILS ? " With these settings correct code fails too." : "") +
    (isSilent ? " The return does not reveal this bug: only a check finds it." : "")
  );
}

function atTheEnd(seeds) {
  if (!seeds || seeds.steps.length === 0) return null;
  const { steps, low, median, high } = seeds;
  return { step: steps.at(-1), low: low.at(-1), median: median.at(-1), high: high.at(-1) };
}

function spread({ low, median, high }) {
  return `${number(median)} in the median (${number(low)} to ${number(high)})`;
}

function remarks(bug) {
  const said = [];
  if (bug.source) said.push(`Known from ${bug.source}.`);
  if (bug.needsRestart) said.push(`${whyRestart(bug)} It restarts the run.`);
  return said.map((text) => element("p", "note", text));
}

function whyRestart({ settings }) {
  const wanted = Object.entries(settings).map(([name, value]) => WORDS[name]?.(value) ?? `${name} = ${value}`);
  if (wanted.length === 0) return "It acts when a run begins.";
  return `It shows only with ${wanted.join(" and ")}; the page sets this.`;
}
