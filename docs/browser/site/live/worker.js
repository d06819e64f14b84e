/* The worker in which Python runs the cells, one after the other. */

import { startPython } from "../python/start.js";

const PREPARE = `
import logging
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # it builds a list of fonts
import matplotlib
matplotlib.use("module://live_figures")
import live, minddpg.course.checks
live
`;

const session = start();

async function start() {
  try {
    const say = (text, part) => postMessage({ kind: "loading", text, part });
    const python = await startPython(["matplotlib"], say);
    say("Importing the checks …", 0.85);
    const live = python.runPython(PREPARE);
    const show = (what, content) => postMessage({ kind: "shown", what, content: JSON.parse(content) });
    const { run, names } = live.Session(show);
    postMessage({ kind: "ready" });
    return { run, names };
  } catch (error) {
    postMessage({ kind: "failed", text: lastLine(error) });
    return null;
  }
}

onmessage = async ({ data: { texts, source, number, kept, scale } }) => {
  const python = await session;
  if (!python) return;
  const begin = performance.now();
  try {
    if (texts) {
      postMessage({ kind: "named", names: JSON.parse(python.names(JSON.stringify(texts))) });
      return;
    }
    const report = JSON.parse(python.run(source, number, scale, JSON.stringify(kept)));
    postMessage({ kind: "over", seconds: (performance.now() - begin) / 1000, ...report });
  } catch (error) {
    postMessage({ kind: "crashed", text: lastLine(error) });
  }
};

function lastLine(error) {
  return String(error.message ?? error).trim().split("\n").at(-1);
}
