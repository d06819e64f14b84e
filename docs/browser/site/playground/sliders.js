/* A slider for each setting, with its value, a mark at its default, and a button that resets it. */
import { element } from "./code.js";
import { SETTINGS, positionOf, valueAt } from "./settings.js";

/** Make the sliders; each move calls `changed(name, value)`. Return a function that sets them. */
export function makeSliders(place, changed) {
  const setters = SETTINGS.map((setting) => makeSlider(place, setting, changed));
  return (values) => SETTINGS.forEach(({ name }, i) => setters[i](values[name]));
}

function makeSlider(place, setting, changed) {
  const box = element("div", "slider");
  const label = element("label", "", setting.label);
  const value = element("output", "");
  const reset = element("button", "reset", "reset");
  const input = document.createElement("input");
  const track = element("div", "track");
  const hint = element("small", "hint", setting.hint);
  const mark = element("span", "mark");
  input.type = "range";
  input.min = 0;
  input.max = 1;
  input.step = 0.005;
  input.id = label.htmlFor = `setting-${setting.key}`;
  value.htmlFor = input.id;
  hint.id = `${input.id}-hint`;
  input.setAttribute("aria-describedby", hint.id);
  reset.type = "button";
  reset.setAttribute("aria-label", `Reset ${setting.label} to ${setting.start}`);
  mark.style.setProperty("--at", positionOf(setting, setting.start));
  mark.title = `default: ${setting.start}`;
  track.append(input, mark);
  box.append(label, reset, value, track, hint);
  place.append(box);

  const show = (number) => {
    value.textContent = String(number);
    input.setAttribute("aria-valuetext", String(number));
    reset.classList.toggle("absent", number === setting.start);
  };
  input.addEventListener("input", () => {
    const number = valueAt(setting, Number(input.value));
    show(number);
    changed(setting.name, number);
  });
  const set = (number) => {
    input.value = positionOf(setting, number);
    show(number);
  };
  reset.addEventListener("click", () => {
    set(setting.start);
    changed(setting.name, setting.start);
    input.focus();
  });
  return set;
}
