/* The playground: connects the session, the pictures, the controls and the address. */

import { CDN_HOST } from "../python/cdn.js";
import { fetchWhole, isSelfHosted } from "../python/start.js";
import { FOLDED, readAddress, writeAddress } from "./address.js";
import { fillMenu, offerFirst, showCode, tellStory } from "./bugs.js";
import { forgetColors } from "./colors.js";
import { listen, scrollTo } from "./controls.js";
import { EXPERIMENTS } from "./experiments.js";
import { Guide, choiceOf } from "./guide.js";
import { makePainter } from "./pictures.js";
import { fetchRecording } from "./recording.js";
import { Session } from "./session.js";
import { MOST_SEED, SETTINGS, SPEED, startsOf } from "./settings.js";
import { makeSliders } from "./sliders.js";
import { StatusLine } from "./status.js";

const $ = (id) => document.getElementById(id);
const REST = 250; // ms without a change before the address is written
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");

const choice = { seed: 0, settings: startsOf(null), bug: "", speed: SPEED.start };
let experiment = "";
let openedByGuide = ""; // the panel that the last experiment opened
let wasLive = false;
let writing; // the timer of the next change of the address
let data = { bugs: [], leftOut: [], correct: null, actorLoss: { file: "", lines: [] } };
let isOwnPython = true; // whether this site has its own Python; until that is known, nothing can be clicked

const session = new Session(choice, {
  panels: (names) => painter.mark(names),
  status: () => showStatus(),
  ready: () => watchFolded(),
});
const painter = makePainter(session, $, bands);
const statusLine = new StatusLine(session, $);
const setSliders = makeSliders($("sliders"), (name, value) => {
  leaveExperiment();
  session.set(name, value);
  writeState();
});
const guide = new Guide($("experiments"), {
  chosen: chooseExperiment,
  run: runExperiment,
  see: seePanel,
});

function bugNamed(name) {
  return data.bugs.find((bug) => bug.name === name) ?? null;
}

function bands() {
  const bug = session.isLive ? bugNamed(choice.bug) : null; // the recorded run has none
  return { correct: bug?.correct ?? data.correct, bug: bug?.seeds };
}

/** Set the sliders to a bug's own settings, and reset those of the bug before. */
function adoptSettings(bug, before) {
  const [own, old] = [startsOf(bug), startsOf(before)];
  for (const { name } of SETTINGS) {
    if (choice.settings[name] === old[name]) choice.settings[name] = own[name];
  }
}

/** Show the choice in every control. */
function showChoice() {
  $("seed").value = choice.seed;
  $("speed").value = choice.speed;
  $("bug").value = choice.bug;
  setSliders(choice.settings);
  showBug();
}

function showBug() {
  const bug = bugNamed(choice.bug);
  $("bug").value = choice.bug;
  $("remove").disabled = !bug;
  $("remove").textContent = bug?.needsRestart ? "Remove, restart" : "Remove bug";
  $("bug-key").classList.toggle("absent", !bug || !session.isLive);
  const whose = bug?.correct && session.isLive ? "this bug’s" : "default";
  $("band-label").textContent = `correct code, ${whose} settings: five recorded seeds`;
  $("first-bugs").hidden = Boolean(bug);
  $("see-code").textContent = bug ? "See what it changes in the code" : "See the code";
  tellStory($("story"), bug, data, session.isLive);
  showCode($("fold-code"), bug, data);
  painter.mark(["returns"]);
}

function showStatus() {
  const bug = guide.follow(session.isLive ? session.scene.step : 0);
  if (bug) plant(bug);
  if (session.isLive && !wasLive) showBug(); // the chosen bug is planted now
  wasLive = session.isLive;
  if (session.failure) guide.cancel();
  guide.announce(!isOwnPython && !session.trainer.worker, Boolean(session.failure));
  statusLine.show(isOwnPython);
}

function plant(name) {
  const [bug, before] = [bugNamed(name), bugNamed(choice.bug)];
  adoptSettings(bug, before);
  session.plant(bug, before);
  showChoice();
  writeState();
}

function chooseExperiment(name) {
  leaveExperiment();
  experiment = name;
  guide.choose(name);
  writeState();
}

/** End the running experiment, if any, and say so: the visitor has changed its run. */
function leaveExperiment() {
  if (guide.cancel()) statusLine.say("The experiment ends here; you control the run now.");
}

/** Open a panel further down and scroll to it. */
function seePanel(name) {
  $(`fold-${name}`).open = true;
  scrollTo($(`fold-${name}`), "nearest");
}

/** Start an experiment, as its button says. */
function runExperiment(each, seed = 0) {
  Object.assign(choice, choiceOf(each), { seed });
  if (openedByGuide) $(`fold-${openedByGuide}`).open = false;
  openedByGuide = each.opens && !isOpen(each.opens) ? each.opens : "";
  if (openedByGuide) $(`fold-${openedByGuide}`).open = true;
  experiment = each.name;
  guide.start(each);
  showChoice();
  session.restart();
  session.setRunning(true);
  writeState();
  const isBelow = $("train").getBoundingClientRect().bottom < 0; // on a phone the pictures are further up
  if (isBelow) scrollTo($("playground"), "start");
}

/** Plant the bug that the visitor has chosen. */
function chooseBug(name) {
  leaveExperiment();
  plant(name);
  $("bug").focus(); // the button that was clicked may be gone
}

function chooseSeed(seed) {
  choice.seed = Math.max(0, Math.min(MOST_SEED, Math.floor(seed) || 0));
  $("seed").value = choice.seed;
  restart();
}

function chooseSpeed(speed) {
  session.set("speed", speed);
  showStatus();
  writeState();
}

/** Begin a new run with the chosen settings; a running experiment ends. */
function restart() {
  leaveExperiment();
  if (session.scene.stopped) session.setRunning(true);
  else if (session.isLive) session.restart();
  writeState();
}

function isOpen(name) {
  return $(`fold-${name}`).open;
}

/** Write the state into the address once the changes have stopped: browsers refuse too many writes. */
function writeState() {
  clearTimeout(writing);
  writing = setTimeout(writeAtOnce, REST);
}

function writeAtOnce() {
  clearTimeout(writing);
  const open = FOLDED.filter(isOpen);
  const hash = writeAddress({ ...choice, experiment, open }, bugNamed(choice.bug));
  history.replaceState(null, "", hash || location.pathname + location.search);
}

/** Set the page to the state that the address describes. */
function readState() {
  const experiments = EXPERIMENTS.map(({ name }) => name);
  const said = readAddress(location.hash, { bugs: data.bugs, experiments });
  const { seed, settings, bug, speed } = said;
  leaveExperiment();
  Object.assign(choice, { seed, settings, bug, speed });
  for (const name of FOLDED) $(`fold-${name}`).open = said.open.includes(name);
  experiment = said.experiment;
  guide.choose(experiment || EXPERIMENTS[0].name);
  showChoice();
  if (session.isLive) session.restart();
  if (!said.go || !(isOwnPython || session.trainer.isReady)) return;
  if (experiment) runExperiment(EXPERIMENTS.find(({ name }) => name === experiment), seed);
  else session.setRunning(true);
}

function unfold() {
  watchFolded();
  writeState();
  painter.markAll();
}

function redraw() {
  forgetColors();
  painter.markAll();
}

function watchFolded() {
  const wanted = { map: "map", promise: "belief" };
  session.trainer.watch(Object.keys(wanted).filter(isOpen).map((name) => wanted[name]));
}

async function copyLink() {
  writeAtOnce();
  try {
    await navigator.clipboard.writeText(location.href);
    statusLine.say("The link to these settings is copied.");
  } catch {
    statusLine.say("The link to these settings is in the address bar.");
  }
}

async function begin() {
  if (calm.matches) session.film.stayAtEnd();
  session.hide(document.hidden);
  painter.hide(document.hidden);
  showStatus();
  fetchRecording("recorded.json")
    .then((recording) => session.play(recording, calm.matches))
    .catch(() => tellFault("The recorded run could not be loaded. You can still train one."));
  try {
    [data, isOwnPython] = await Promise.all([fetchBugs(), isSelfHosted()]);
  } catch {
    tellFault("Part of this page could not be loaded, so nothing can be trained.");
    return;
  }
  $("origin").textContent = isOwnPython
    ? "Python comes from this site, and the page sends nothing."
    : `Python comes from ${CDN_HOST} after a click; the page sends nothing else.`;
  fillMenu($("bug"), data.bugs);
  offerFirst($("first-bugs"), data.bugs, chooseBug);
  readState();
  listen($, { session, painter, seePanel, chooseBug, chooseSeed, chooseSpeed, restart, copyLink, showStatus });
  for (const name of FOLDED) $(`fold-${name}`).addEventListener("toggle", unfold);
  dark.addEventListener("change", redraw);
  addEventListener("hashchange", readState);
  $("playground").inert = false;
  if (isOwnPython) session.load();
  showStatus();
}

async function fetchBugs() {
  return (await fetchWhole("bugs.json")).json();
}

/** Say at the top of the page what is missing; the button next to it reloads the page. */
function tellFault(text) {
  $("fault-text").textContent = text;
  $("fault").hidden = false;
}

begin();
