"""Mistakes in acting, storing and resetting that check 10.2 can name, as edits of its solution."""

from ..engine import Mistake

ADD = "        replay.add(obs, action, reward, next_obs, terminated)\n"  # a line of the solution

RANDOM = "agent.random_action() if"
RANDOM_MAPPED = "agent.action_box.to_env(agent.random_action()) if"

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
        "terminated never stored",
        "You always store False. The last field is True where the episode has terminated.",
        {"next_obs, terminated)": "next_obs, False)"},
    ),
    Mistake(
        "termination at the time limit not stored",
        "An episode can terminate in the very step of its time limit: store terminated as it is.",
        {"next_obs, terminated)": "next_obs, terminated and not truncated)"},
    ),
    Mistake(
        "mask flipped",
        "The last field is `terminated`, not its opposite.",
        {"next_obs, terminated)": "next_obs, not terminated)"},
    ),
    Mistake(
        "the next episode's observation stored",
        "You reset the environment before you stored the transition. next_obs is the observation"
        " after the action.",
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
        "obs and next_obs swapped",
        "The first field is obs, before the action. The fourth field is next_obs, after it.",
        {"(obs, action, reward, next_obs": "(next_obs, action, reward, obs"},
    ),
    Mistake(
        "obs stored twice",
        "The fourth field is next_obs, the observation after the step.",
        {"action, reward, next_obs": "action, reward, obs"},
    ),
    Mistake(
        "not every transition stored",
        "Store every step: during the warm-up, after it, and at the end of an episode.",
        {ADD: ""},
        *(
            {"        replay.add(": f"        {stored} replay.add("}
            for stored in (
                "warming_up and",
                "warming_up or",
                "truncated or",
                "terminated or truncated or",
            )
        ),
    ),
    Mistake(
        "return instead of reward stored",
        "A transition holds the reward of its step, not the return so far.",
        {"action, reward": "action, total + reward"},
        {"action, reward": "action, total"},
    ),
    Mistake(
        "another reward stored",
        "Store the reward as the environment returned it.",
        {"action, reward": "action, np.clip(reward, -1, 1)"},
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
        "action scaled twice",
        "to_env maps from [−1, 1], so call it once.",
        {"to_env(action)": "to_env(agent.action_box.to_env(action))"},
    ),
    Mistake(
        "random actions mapped to the environment's units",
        "random_action() returns actions in [−1, 1], as act does: to_env maps both, once.",
        {RANDOM: RANDOM_MAPPED},
        {RANDOM: RANDOM_MAPPED, "to_env(action)": "to_env(action) if not warming_up else action"},
    ),
    Mistake(
        "noise added twice",
        "act(obs, explore=True) already adds the noise.",
        {"act(obs, explore=True)": "act(obs, explore=True) + agent.noise.sample()"},
    ),
    Mistake(
        "no reset at a time limit",
        "Truncation also ends an episode: reset the environment then, too.",
        {"if terminated or truncated:": "if terminated:"},
    ),
    Mistake(
        "no reset after termination",
        "Termination also ends an episode: reset the environment then, too.",
        {"if terminated or truncated:": "if truncated:"},
    ),
    Mistake(
        "no reset after an episode",
        "After the end of an episode, reset the environment, and take obs from reset.",
        {"total, obs = 0.0, first_obs()": "total = 0.0"},
    ),
    Mistake(
        "reset at every step",
        "Reset the environment only when an episode ends.",
        {"if terminated or truncated:": "if True:"},
    ),
    Mistake(
        "noise not reset",
        "Call agent.noise.reset() when an episode has ended.",
        {"            agent.noise.reset()\n": ""},
    ),
    Mistake(
        "noise not reset after every episode",
        "Call agent.noise.reset() when an episode has ended, by termination or by truncation.",
        *(
            {
                "            agent.noise.reset()\n": f"            if {flag}:\n"
                "                agent.noise.reset()\n"
            }
            for flag in ("terminated", "truncated")
        ),
    ),
    Mistake(
        "noise reset at every step",
        "The noise continues within an episode. Reset it when an episode has ended.",
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
        {"random_action() if warming_up": "random_action() if step > warmup_steps + 1"},
    ),
    Mistake(
        "warm-up counted in episodes",
        "warmup_steps counts steps of the environment.",
        {"random_action() if warming_up": "random_action() if len(returns) < warmup_steps"},
        {"step <= warmup_steps": "len(returns) < warmup_steps"},
    ),
    Mistake(
        "obs stays the first one",
        "After a step, set obs to next_obs.",
        {"total, obs = total + reward, next_obs": "total = total + reward"},
    ),
    Mistake(
        "obs not taken from reset",
        "An episode begins with the observation that reset returns.",
        {"total, obs = 0.0, first_obs()": "total = 0.0\n            first_obs()"},
    ),
    Mistake(
        "another observation for act",
        "act needs the latest observation that the environment returned.",
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
)
