"""The playground's worker in a browser learns, obeys commands, and runs with every bug."""

import pytest

pytestmark = pytest.mark.browser

# Any address in the folder works: no page of the playground is needed.
HOST = "playground/recorded.json"

START = """() => new Promise((resolve, reject) => {
    window.seen = [];
    window.worker = new Worker("worker.js", { type: "module" });
    window.ask = (message) => worker.postMessage(message);
    /** Wait for a message after now of which a test holds. */
    window.next = (test) => new Promise((found) => {
        const from = seen.length;
        const timer = setInterval(() => {
            const message = seen.slice(from).find(test);
            if (!message) return;
            clearInterval(timer);
            found(message);
        }, 10);
    });
    worker.onerror = (error) => reject(error.message);
    worker.onmessage = ({ data }) => {
        if (["failed", "crashed"].includes(data.kind)) reject(`${data.kind}: ${data.text}`);
        if (data.kind === "ready") resolve(data.ms);
        if (data.kind === "seen") seen.push(data);
    };
})"""

LEARN = """async () => {
    ask({ do: "run", on: true });
    const learned = await next((m) => m.step === 3000);
    ask({ do: "plant", bug: "actor-sign" });
    const planted = await next((m) => m.bug === "actor-sign");
    const isOver = (m) => m.step > planted.step + 1500 || (m.bug && m.exam?.score < -1000);
    const collapsed = await next(isOver);
    ask({ do: "run", on: false });
    const episodes = seen.flatMap((m) => m.episodes.map(([step]) => step));
    return [learned.exam.score, collapsed.exam?.score, episodes, seen.at(-1).step];
}"""

EVERY_BUG = """async () => {
    const { bugs } = await (await fetch("bugs.json")).json();
    const settings = { warmup_steps: 64 };
    const found = [];
    ask({ do: "restart", seed: 1, settings, bug: "" });
    ask({ do: "run", on: true });
    await next((m) => m.step >= 64);
    for (const { name, needsRestart } of bugs) {
        if (needsRestart) ask({ do: "restart", seed: 1, settings, bug: name });
        else ask({ do: "plant", bug: name });
        const begun = await next((m) => m.bug === name);
        ask({ do: "run", on: true });
        const steps = begun.step < 64 ? 64 + 50 : 50; // 50 of them with updates
        const ran = await next((m) => m.stopped || m.step >= begun.step + steps);
        ask({ do: "run", on: false });
        ask({ do: "plant", bug: "" });
        const removed = await next((m) => m.bug === "");
        const isAnew = removed.step === 0;
        found.push({ name, needsRestart, isAnew, stopped: ran.stopped + removed.stopped });
    }
    return found;
}"""

PAUSED = """async () => {
    const answer = (message, test) => {
        const answered = next(test);
        ask(message);
        return answered;
    };
    const begun = await answer(
        { do: "restart", seed: 7, settings: { tau: 0.5 }, bug: "", run: 3 }, (m) => m.run === 3);
    const sliced = await answer({ do: "set", name: "speed", value: 2 }, (m) => m.view);
    const mapped = await answer({ do: "watch", panels: ["map"] }, (m) => m.view?.map);
    const refused = await answer({ do: "set", name: "tau", value: 2 }, (m) => m.refused);
    ask({ do: "run", on: true });
    const running = await answer({ do: "set", name: "tau", value: 1 }, (m) => m.stepsPerSecond);
    ask({ do: "run", on: false });
    const paused = await answer({ do: "set", name: "speed", value: 0 }, (m) => m.view?.speed === 0);
    const count = seen.length;
    await new Promise((over) => setTimeout(over, 300));
    const lengths = Object.entries({ ...mapped.view, ...begun.exam })
        .filter(([, array]) => array instanceof Float32Array)
        .map(([name, array]) => [name, array.length]);
    return {
        begun: [begun.step, begun.seed, begun.bug, Boolean(begun.view)],
        speed: sliced.view.speed,
        lengths: Object.fromEntries(lengths),
        refused: refused.refused,
        moved: running.step > 0 && running.stopped === "",
        rates: [refused.stepsPerSecond, paused.stepsPerSecond],
        afterwards: seen.length - count,
    };
}"""


def test_it_learns_to_swing_up_and_forgets_it_under_actor_sign(open_page):
    page = open_page(HOST)
    page.evaluate(START)
    learned, collapsed, episodes, step = page.evaluate(LEARN)
    assert learned > -400
    assert collapsed is not None
    assert collapsed < -1_000
    assert episodes == list(range(200, step + 1, 200))  # each is sent once


def test_every_bug_can_be_planted_and_removed(open_page):
    page = open_page(HOST)
    page.evaluate(START)
    found = page.evaluate(EVERY_BUG)
    assert len(found) > 30
    for bug in found:
        assert bug["isAnew"] == bug["needsRestart"], bug
        assert bug["stopped"] == "", bug


def test_it_obeys_while_paused_and_while_it_trains(open_page):
    page = open_page(HOST)
    page.evaluate(START)
    found = page.evaluate(PAUSED)
    assert found["begun"] == [0, 7, "", True]
    assert found["speed"] == 2
    lengths = {"angles": 61, "torques": 33, "q": 2013, "mu": 61, "slope": 61, "trueSlope": 61}
    film = {"angle": 200, "speed": 200, "torque": 200}
    assert found["lengths"] == {**lengths, "map": 41 * 31, **film}
    assert found["refused"].startswith("tau = 2")
    assert found["moved"]
    assert found["rates"] == [None, None]
    assert found["afterwards"] == 0


def test_a_start_that_fails_is_told_in_one_line(open_page):
    page = open_page(HOST)
    page.route("**/python/packages.zip", lambda route: route.fulfill(body="no archive"))
    said = page.evaluate(f"() => ({START})().catch(String)")
    assert said.startswith("failed: ")
    assert "\n" not in said
    assert "zip" in said
