"""Mistakes in updates, seeds and returns that check 10.2 can name, as edits of its solution."""

from ..engine import Mistake
from .mistakes_in_the_loop import ADD

# lines of the solution
UPDATE = "            agent.update(replay.sample(batch_size, rng))\n"
LOOSE_UPDATE = "            agent.update(batch)\n"

MISTAKES = (
    Mistake(
        "updates during the warm-up",
        "The first update comes after warmup_steps steps.",
        {"        if not warming_up:\n            agent": "        agent"},
        {"if not warming_up:": "if step >= warmup_steps - 1:"},
    ),
    Mistake(
        "updates begin after batch_size steps",
        "The first update comes after warmup_steps steps, however large a minibatch is.",
        {"if not warming_up:": "if step >= batch_size:"},
        {"if not warming_up:": "if step > batch_size:"},
    ),
    Mistake(
        "updates wait for batch_size transitions",
        "The first update comes after warmup_steps steps, however large a minibatch is.",
        {"if not warming_up:": "if step > max(warmup_steps, batch_size):"},
        {"if not warming_up:": "if not warming_up and step >= batch_size:"},
    ),
    Mistake(
        "one update in all",
        "After the warm-up, one update follows every step.",
        {"if not warming_up:": "if step == warmup_steps + 1:"},
    ),
    Mistake(
        "no update at an episode's end",
        "One update follows every step after the warm-up, also the last step of an episode.",
        {"if not warming_up:": "if not (warming_up or terminated or truncated):"},
    ),
    Mistake(
        "updates only during the warm-up",
        "The first update comes after warmup_steps steps.",
        {"if not warming_up:": "if warming_up:"},
    ),
    Mistake(
        "updates begin late",
        "The first update comes with the first step after the warm-up.",
        {"if not warming_up:": "if step > warmup_steps + 1:"},
        {"if not warming_up:": "if step > warmup_steps + 2:"},
        {"if not warming_up:": "if step > warmup_steps + batch_size:"},
    ),
    Mistake(
        "no update",
        "After the warm-up, agent.update(replay.sample(batch_size, rng)) follows every step.",
        {"agent.update(replay.sample(batch_size, rng))": "pass"},
    ),
    Mistake(
        "sampled, but no update",
        "Pass the minibatch to agent.update.",
        {"agent.update(replay.sample(batch_size, rng))": "replay.sample(batch_size, rng)"},
    ),
    Mistake(
        "no minibatch for update",
        "agent.update needs what replay.sample(batch_size, rng) returns.",
        {"replay.sample(batch_size, rng)": "replay"},
        {"replay.sample(batch_size, rng)": "replay.sample(batch_size, rng).number"},
    ),
    Mistake(
        "an update at every second step",
        "One update follows every step after the warm-up.",
        {"if not warming_up:": "if not warming_up and step % 2:"},
        {"if not warming_up:": "if not warming_up and step % 2 == 0:"},
    ),
    Mistake(
        "update before the step",
        "The update follows the step: its minibatch may hold the newest transition.",
        {
            "        if not warming_up:\n" + UPDATE: "",
            "        env_action =": "        if not warming_up:\n"
            + UPDATE
            + "        env_action =",
        },
    ),
    Mistake("two updates per step", "One update follows every step.", {UPDATE: 2 * UPDATE}),
    Mistake(
        "update before storing",
        "First store the transition, then sample and update.",
        {
            ADD: "",
            "        total, obs = total + reward": ADD + "        total, obs = total + reward",
        },
    ),
    Mistake(
        "one minibatch for every update",
        "Draw a new minibatch for each update.",
        {
            "returns, total, obs = [], 0.0": "batch, returns, total, obs = None, [], 0.0",
            UPDATE: "            batch = batch or replay.sample(batch_size, rng)\n"
            "            agent.update(batch)\n",
        },
        {UPDATE: "            batch = replay.sample(batch_size, rng)\n" + 2 * LOOSE_UPDATE},
    ),
    Mistake(
        "a new rng with the same seed for every minibatch",
        "Every minibatch then holds the same rows of the memory. Pass on the rng that you were"
        " given.",
        {"sample(batch_size, rng)": "sample(batch_size, np.random.default_rng(0))"},
    ),
    Mistake(
        "the rng passed in is not used",
        "Seeds and minibatches should come from the rng that is passed in: another seed must give"
        " another run.",
        {
            "returns, total, obs = [], 0.0": (
                "own, returns, total, obs = np.random.default_rng(0), [], 0.0"
            ),
            "sample(batch_size, rng)": "sample(batch_size, own)",
        },
        {"    def first_obs():": "    rng = np.random.default_rng(0)\n\n    def first_obs():"},
        {
            "    def first_obs():": "    own = np.random.default_rng(0)\n\n    def first_obs():",
            "rng.integers": "own.integers",
        },
    ),
    Mistake(
        "one update per episode",
        "One update follows every step, not every episode.",
        {"if not warming_up:": "if not warming_up and (terminated or truncated):"},
    ),
    Mistake(
        "the same seed at every reset",
        "Every episode would start in the same state. Draw new seeds.",
        {"int(rng.integers(2**31))": "7"},
        {
            "int(rng.integers(2**31))": "one",
            "    def first_obs():": ("    one = int(rng.integers(2**31))\n\n    def first_obs():"),
        },
    ),
    Mistake(
        "a seed that Gymnasium refuses",
        "Gymnasium accepts only Python's own int as a seed, and raises an error for NumPy's.",
        {"int(rng.integers(2**31))": "rng.integers(2**31)"},
    ),
    Mistake(
        "no seed at all",
        "Without reset(seed=...) nobody can repeat the run.",
        {"seed=int(rng.integers(2**31))": ""},
    ),
    Mistake(
        "another source of randomness",
        "Draw seeds and minibatches from the rng that is passed in.",
        {"rng.integers": "np.random.default_rng().integers"},
        {"sample(batch_size, rng)": "sample(batch_size, np.random.default_rng())"},
        {
            "rng.integers": "np.random.default_rng().integers",
            "sample(batch_size, rng)": "sample(batch_size, np.random.default_rng())",
        },
    ),
    Mistake(
        "too few steps",
        "The loop takes `steps` steps: range(1, steps + 1) ends with `steps`. It continues after"
        " the end of an episode.",
        {"range(1, steps + 1)": "range(1, steps)"},
    ),
    Mistake(
        "too many steps",
        "`steps` counts steps of the environment, not episodes, and includes the warm-up.",
        {"range(1, steps + 1)": "range(1, steps + 2)"},
        {"range(1, steps + 1)": "range(1, max(steps, warmup_steps) + 1)"},
    ),
    Mistake(
        "return never set back",
        "Set the return back to 0 when an episode ends.",
        {"total, obs = 0.0, first_obs()": "obs = first_obs()"},
    ),
    Mistake(
        "return of the unfinished episode",
        "Return only the returns of finished episodes.",
        {"    return returns\n": "    return returns + [total]\n"},
        {"    return returns\n": "    agent.noise.reset()\n    return returns + [total]\n"},
    ),
    Mistake(
        "the warm-up's episodes are missing",
        "Return the returns of all finished episodes.",
        {"returns.append(total)": "warming_up or returns.append(total)"},
    ),
    Mistake(
        "discounted return",
        "The return here is the plain sum of an episode's rewards, without γ.",
        {"total + reward, next_obs": "0.99 * total + reward, next_obs"},
        {"total + reward, next_obs": "0.9 * total + reward, next_obs"},
        *(
            {
                "total, obs = [], 0.0, first_obs()": "total, obs, factor = [], 0.0, first_obs(), 1",
                "total, obs = total + reward, next_obs": (
                    f"total, obs, factor = total + factor * reward, next_obs, {gamma} * factor"
                ),
                "total, obs = 0.0, first_obs()": "total, obs, factor = 0.0, first_obs(), 1",
            }
            for gamma in (0.99, 0.95, 0.9)
        ),
    ),
    Mistake(
        "the last reward is missing",
        "The return includes the reward of an episode's last step.",
        {"returns.append(total)": "returns.append(total - reward)"},
    ),
    Mistake(
        "the last reward instead of the return",
        "An episode's return is the sum of its rewards.",
        {"total + reward, next_obs": "reward, next_obs"},
    ),
    Mistake(
        "lengths instead of returns",
        "An episode's return is the sum of its rewards, not the number of its steps.",
        {"total, obs = total + reward, next_obs": "total, obs = total + 1, next_obs"},
    ),
    Mistake(
        "rewards instead of returns",
        "Return one number for each finished episode: the sum of its rewards.",
        {
            "            returns.append(total)\n": "",
            "total, obs = total + reward, next_obs": (
                "obs = next_obs\n        returns.append(reward)"
            ),
        },
    ),
    Mistake(
        "mean reward instead of the return",
        "An episode's return is the sum of its rewards.",
        {
            "returns, total, obs = [], 0.0, first_obs()": (
                "returns, total, obs, begin = [], 0.0, first_obs(), 0"
            ),
            "returns.append(total)": (
                "returns.append(total / (step - begin))\n            begin = step"
            ),
        },
    ),
)
