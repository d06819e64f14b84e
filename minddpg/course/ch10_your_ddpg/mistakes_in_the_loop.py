"""Mistakes in a training loop that exercise 10.2 can name: edits of its solution."""

from ..engine import Mistake

# lines of the solution
ADD = "        replay.add(obs, action, reward, next_obs, terminated)\n"
UPDATE = "            agent.update(replay.sample(batch_size, rng))\n"
IF_NOT_WARMING_UP = "        if not warming_up:\n"
LOOSE_UPDATE = "            agent.update(batch)\n"

MISTAKES = (
    Mistake(
        "truncation as termination",
        "A time limit is not the end of the MDP: store terminated.",
        {"next_obs, terminated)": "next_obs, terminated or truncated)"},
    ),
    Mistake(
        "truncated stored",
        "You stored truncated. Only terminated ends the MDP; truncated is a time limit.",
        {"next_obs, terminated)": "next_obs, truncated)"},
    ),
    Mistake(
        "mask flipped",
        "The last field is `terminated`, not its opposite.",
        {"next_obs, terminated)": "next_obs, not terminated)"},
    ),
    Mistake(
        "the next episode's observation stored",
        "You reset the environment before you stored the transition. next_obs is where the action"
        " led.",
        {
            "        replay.add(": (
                "        if terminated or truncated:\n"
                "            next_obs = first_obs()\n"
                "        replay.add("
            ),
            "total, obs = 0.0, first_obs()": "total = 0.0",
        },
    ),
    Mistake(
        "observation after the step stored",
        "You overwrote obs before replay.add.",
        {"replay.add(obs": "replay.add(next_obs"},
    ),
    Mistake(
        "obs stored twice",
        "The fourth field is next_obs, the observation after the step.",
        {"action, reward, next_obs": "action, reward, obs"},
    ),
    Mistake(
        "not every transition stored",
        "Every step is stored: in the warm-up, after it, and at the end of an episode, too.",
        {"        replay.add(": "        warming_up and replay.add("},
    ),
    Mistake(
        "return instead of reward stored",
        "A transition holds the reward of its own step.",
        {"action, reward": "action, total + reward"},
        {"action, reward": "action, total"},
    ),
    Mistake(
        "another reward stored",
        "Store the reward as the environment returned it.",
        {"action, reward": "action, np.clip(reward, -1, 1)"},
        {"action, reward": "action, int(reward)"},
        {"action, reward": "action, np.sign(reward)"},
    ),
    Mistake(
        "action in the environment's units stored",
        "The critic learns from actions in [−1, 1]: store the action that the agent returned.",
        {"obs, action, reward": "obs, env_action, reward"},
    ),
    Mistake(
        "action scale forgotten",
        "env.step needs agent.action_box.to_env(action).",
        {"env.step(env_action)": "env.step(action)"},
    ),
    Mistake(
        "no reset at a time limit",
        "An episode ends by truncation, too: reset the environment then as well.",
        {"if terminated or truncated:": "if terminated:"},
    ),
    Mistake(
        "no reset after termination",
        "An episode ends by termination, too: reset the environment then as well.",
        {"if terminated or truncated:": "if truncated:"},
    ),
    Mistake(
        "reset at every step",
        "The environment is reset only where an episode ends.",
        {"if terminated or truncated:": "if True:"},
    ),
    Mistake(
        "noise not reset",
        "Call agent.noise.reset() when an episode has ended.",
        {"            agent.noise.reset()\n": ""},
    ),
    Mistake(
        "noise reset at every step",
        "The noise goes on within an episode. Reset it when an episode has ended.",
        {"            agent.noise.reset()\n": "        agent.noise.reset()\n"},
        {"        env_action =": "        agent.noise.reset()\n        env_action ="},
    ),
    Mistake(
        "no warm-up",
        "The first warmup_steps actions come from agent.random_action().",
        {"agent.random_action() if warming_up else ": ""},
    ),
    Mistake(
        "warm-up off by one",
        "One random action too many: there are warmup_steps of them.",
        {"random_action() if warming_up": "random_action() if step <= warmup_steps + 1"},
        {"step <= warmup_steps": "step <= warmup_steps + 1"},
    ),
    Mistake(
        "warm-up off by one",
        "One random action too few: there are warmup_steps of them.",
        {"random_action() if warming_up": "random_action() if step < warmup_steps"},
    ),
    Mistake(
        "warm-up the wrong way round",
        "The first warmup_steps actions are random, the later ones come from act.",
        {"step <= warmup_steps": "step > warmup_steps"},
        {"random_action() if warming_up": "random_action() if not warming_up"},
    ),
    Mistake(
        "obs stays the first one",
        "After a step, obs is what next_obs was.",
        {"total, obs = total + reward, next_obs": "total = total + reward"},
    ),
    Mistake(
        "obs not taken from reset",
        "An episode begins with the observation that reset returns.",
        {"total, obs = 0.0, first_obs()": "total = 0.0\n            first_obs()"},
    ),
    Mistake(
        "another observation for act",
        "act needs the observation that the environment returned last.",
        {"agent.act(obs": "agent.act(0 * obs"},
    ),
    Mistake(
        "warm-up without end",
        "After warmup_steps the actor acts: agent.act(obs, ...).",
        {" if warming_up else agent.act(obs, explore=True)": ""},
    ),
    Mistake(
        "no exploration noise",
        "While training the agent explores: act(obs, explore=True).",
        {", explore=True": ""},
        {"explore=True": "explore=warming_up"},
    ),
    Mistake(
        "actor instead of random actions, then no noise",
        "In the warm-up the actions are random, later they come from act with explore=True.",
        {"agent.random_action() if warming_up else ": "", "explore=True": "explore=warming_up"},
    ),
    Mistake(
        "updates during the warm-up",
        "The first update comes after warmup_steps steps.",
        {"        if not warming_up:\n            agent": "        agent"},
        {"if not warming_up:": "if step >= warmup_steps - 1:"},
        {"if not warming_up:": "if step >= batch_size:"},
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
        "Every minibatch then holds the same places of the memory. Pass on the rng that you were"
        " given.",
        {"sample(batch_size, rng)": "sample(batch_size, np.random.default_rng(0))"},
    ),
    Mistake(
        "the rng passed in is not used",
        "Seeds and minibatches should come from the rng that is passed in: another seed has to make"
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
        "The loop takes `steps` steps: range(1, steps + 1) ends with `steps`. It goes on after an"
        " episode's end.",
        {"range(1, steps + 1)": "range(1, steps)"},
    ),
    Mistake(
        "too many steps",
        "`steps` counts steps of the environment, not episodes; the warm-up's are among them.",
        {"range(1, steps + 1)": "range(1, steps + 2)"},
    ),
    Mistake(
        "return never set back",
        "Set the return back to 0 when an episode ends.",
        {"total, obs = 0.0, first_obs()": "obs = first_obs()"},
    ),
    Mistake(
        "return of the unfinished episode",
        "Return only the finished episodes' returns.",
        {"    return returns\n": "    return returns + [total]\n"},
    ),
    Mistake(
        "the last reward is missing",
        "The reward of an episode's last step belongs to its return.",
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
