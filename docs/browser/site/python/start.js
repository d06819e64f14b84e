/* Starts Python with NumPy and minddpg, in a worker. */

import { CDN } from "./cdn.js";

const HERE = new URL(".", import.meta.url).href;

/** Return whether this site has its own Python; otherwise it comes from the CDN, and a page asks first. */
export async function isSelfHosted() {
  return (await (await fetchWhole(HERE + "site.json")).json()).selfHosted;
}

/** Fetch an address; throw an error if the server answers with one. */
export async function fetchWhole(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
  return answer;
}

/**
 * Return Pyodide with minddpg and the named packages ("matplotlib") loaded.
 *
 * `say(text, part)` gets a description of the current step, and the finished part of the whole (0 to 1).
 */
export async function startPython(packages, say) {
  say("Loading Python …", 0.05);
  const own = fetchWhole(HERE + "packages.zip").then((answer) => answer.arrayBuffer());
  own.catch(() => {}); // an error is reported below, where this is awaited
  const indexURL = (await isSelfHosted()) ? HERE + "pyodide/" : CDN;
  const { loadPyodide } = await import(indexURL + "pyodide.mjs");
  const python = await loadPyodide({
    indexURL,
    lockFileURL: HERE + "pyodide-lock.json",
    packages: ["numpy", ...packages],
    env: { MPLBACKEND: "agg", HOME: "/home/pyodide" },
  });
  say("Loading minddpg …", 0.7);
  const folder = python.runPython("import site; site.getsitepackages()[0]");
  python.unpackArchive(await own, "zip", { extractDir: folder });
  say("Importing minddpg …", 0.8);
  return python;
}
