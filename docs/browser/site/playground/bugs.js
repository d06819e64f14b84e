/* The bug menu, the card that tells the story of the chosen bug, and the lines of code. */

import { number } from "./canvas.js";
import { element, showDiff, showLines } from "./code.js";

const GROUPS = {
  learning: "Networks and losses",
  targets: "Targets",
  replay: "Replay buffer",
  world: "Actions, noise and episodes",
};
const FIRST = ["actor-sign", "wrong-slice", "relu-slope-missing", "reset-stored"]; // to begin with
const SILENT = 30; // of return: a median as near to the correct one as this does not show

/** Fill the menu with the bugs, in their groups. */
export function fillMenu(select, bugs) {
  for (const group of new Set(bugs.map((bug) => bug.group))) {
    const list = document.createElement("optgroup");
    list.label = GROUPS[group] ?? group;
    list.append(...bugs.filter((bug) => bug.group === group).map(({ name }) => new Option(name, name)));
    select.append(list);
  }
}

/** Offer a few bugs as buttons, for a start; `plant(name)` hears of a click. */
export function offerFirst(place, bugs, plant) {
  const buttons = bugs
    .filter(({ name }) => FIRST.includes(name))
    .map(({ name }) => {
      const button = element("button", "", name);
      button.type = "button";
      button.addEventListener("click", () => plant(name));
      return button;
    });
  place.replaceChildren(...buttons);
}

/** Tell what a bug is, or that there is none; `data` is bugs.json. */
export function tellStory(card, bug, data) {
  card.classList.toggle("planted", Boolean(bug));
  const [title, story, seeds, notes] = card.querySelectorAll("[data-part]");
  title.textContent = bug ? `Planted: ${bug.name}` : "The code is correct. Break it?";
  story.textContent = bug
    ? bug.story
    : "Choose a bug from the menu above. Each is a mistake that learners and published code have made, " +
      "and each changes a few lines of the package while it trains. Four to begin with:";
  seeds.textContent = bug ? whatItDid(bug, data) : "";
  notes.replaceChildren(...(bug ? remarks(bug) : []));
}

/** Show the lines that move the actor, or a bug's functions as a diff. */
export function showCode(panel, bug, { actorLoss }) {
  const title = panel.querySelector("[data-part=where]");
  const blocks = panel.querySelector("[data-part=blocks]");
  const parts = bug ? (bug.diffs ?? [bug]) : [actorLoss];
  title.textContent = bug
    ? "What the bug changes: the function as it stands now, compared with the correct one."
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
  const isSilent = wrong.median > right.median - SILENT;
  return (
    `Five recorded seeds with it, after ${number(wrong.step)} steps: return ${spread(wrong)}. ` +
    `Correct code: ${spread(right)}.` +
    (isSilent ? " The return does not give this bug away: only a check finds it." : "")
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
  if (bug.needsRestart) said.push(`${whyRestart(bug)} The run begins anew.`);
  return said.map((text) => element("p", "note", text));
}

function whyRestart({ settings }) {
  const pairs = Object.entries(settings ?? {}).map(([name, value]) => `${name} = ${value}`);
  return pairs.length > 0 ? `It shows only with ${pairs.join(", ")}.` : "It acts when a run begins.";
}
