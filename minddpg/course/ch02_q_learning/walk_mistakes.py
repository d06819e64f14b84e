"""The known mistakes of exercise 02.4, as edits of its solution."""

from ..engine import Mistake

LEARN = "learn(state, action, reward, next_state, terminated)"
ON = "state, age = next_state, age + 1"
ENDS = "if terminated or age == limit:"
BACK = "            state, age = 0, 0"

MISTAKES = (
    Mistake(
        "truncated taken as terminated",
        "After `limit` steps you passed terminated = True to learn. The world would have continued:"
        " pass the `terminated` that step returned, and use the limit only to begin again.",
        {LEARN: "learn(state, action, reward, next_state, terminated or age + 1 == limit)"},
    ),
    Mistake(
        "no new episode after an end",
        "When an episode has terminated, the next one begins in state 0.",
        {ENDS: "if age == limit:"},
        {f"        {ENDS}\n{BACK}\n": "        if age == limit:\n            state, age = 0, 0\n"},
    ),
    Mistake(
        "limit ignored",
        "An episode that does not end is truncated after `limit` steps, and the next one begins in"
        " state 0.",
        {ENDS: "if terminated:"},
    ),
    Mistake(
        "never back to the start",
        "An episode ends when it is terminated, or after `limit` steps: then go back to state 0."
        " One of the two is enough.",
        {f"        {ENDS}\n{BACK}\n": ""},
        {"terminated or age": "terminated and age"},
    ),
    Mistake(
        "limit off by one",
        "An episode has `limit` steps at most. Count each step before you compare.",
        {"age == limit": "age > limit"},
        {"age == limit": "age == limit - 1"},
        {"age == limit": "age + 1 >= limit"},
    ),
    Mistake(
        "the count goes on after an end",
        "The steps of an episode are counted from its beginning: set the count to 0 when an episode"
        " ends, whatever the reason.",
        {BACK: "            state, age = 0, age % limit"},
        {BACK: "            state, age = 0, 0 if age == limit else age"},
        {BACK: "            state = 0"},
        {"age == limit": "age % limit == 0", BACK: "            state = 0"},
        {"for _ in range": "for t in range", "age == limit": "(t + 1) % limit == 0"},
        {"for _ in range": "for t in range", "age == limit": "t % limit == 0"},
        {"age == limit": "age >= limit", BACK: "            state = 0"},
        {"age == limit": "age > limit", BACK: "            state = 0"},
    ),
    Mistake(
        "state not carried on",
        "Each step begins where the last one ended: state = next_state.",
        {ON: "age = age + 1"},
    ),
    Mistake(
        "state carried on before learning",
        "learn got the next state instead of the state. Change the state after the call of learn.",
        {LEARN: f"state = next_state\n        {LEARN}", ON: "age = age + 1"},
    ),
    Mistake(
        "back to the start before learning",
        "At an end, you passed 0 to learn as the next state. Learn first, then begin again.",
        {
            LEARN: "next_state = 0 if terminated or age + 1 == limit else next_state\n"
            f"        {LEARN}"
        },
        {LEARN: f"next_state = 0 if terminated else next_state\n        {LEARN}"},
        {LEARN: f"next_state = 0 if age + 1 == limit else next_state\n        {LEARN}"},
    ),
    Mistake(
        "states swapped",
        "learn takes the state before the next state.",
        {LEARN: "learn(next_state, action, reward, state, terminated)"},
    ),
    Mistake(
        "reward and next state swapped",
        "learn takes state, action, reward, next_state, terminated, in this order, and step returns"
        " reward, next_state, terminated.",
        {LEARN: "learn(state, action, next_state, reward, terminated)"},
        {"reward, next_state, terminated = step": "next_state, reward, terminated = step"},
    ),
    Mistake(
        "terminated the wrong way round",
        "Pass `terminated` as step returned it.",
        {LEARN: "learn(state, action, reward, next_state, not terminated)"},
    ),
    Mistake(
        "terminated not passed on",
        "learn must know whether the episode terminated, but you always pass it the same value.",
        {LEARN: "learn(state, action, reward, next_state, False)"},
        {LEARN: "learn(state, action, reward, next_state, True)"},
    ),
    Mistake(
        "nothing learned at an end",
        "Learn from the last transition of an episode as well: it contains the reward.",
        {LEARN: f"if not terminated:\n            {LEARN}"},
    ),
    Mistake(
        "nothing learned at the limit",
        "Learn from the last transition of a truncated episode, too: it is as good as any other.",
        {LEARN: f"if age + 1 < limit:\n            {LEARN}"},
        {LEARN: f"if terminated or age + 1 < limit:\n            {LEARN}"},
    ),
    Mistake(
        "learned only at an end",
        "Q-learning learns after every step, not only when an episode ends.",
        {LEARN: f"if terminated:\n            {LEARN}"},
        {LEARN: f"if terminated or age + 1 == limit:\n            {LEARN}"},
    ),
    Mistake(
        "nothing learned",
        "You never call learn, so the table never changes.",
        {f"        {LEARN}\n": ""},
    ),
    Mistake(
        "learned twice", "Learn from each transition once.", {LEARN: f"{LEARN}\n        {LEARN}"}
    ),
    Mistake(
        "one episode only",
        "`steps` is the number of all steps: when an episode ends, begin the next one.",
        {BACK: "            break"},
        {BACK: "            return earned"},
        {f"        {ENDS}\n{BACK}\n": "        if terminated:\n            break\n"},
    ),
    Mistake(
        "returned inside the loop",
        "Your function returns in its first step. Put return below the loop.",
        {"    return earned": "        return earned"},
    ),
    Mistake(
        "steps are taken for episodes",
        "`steps` counts steps, not episodes.",
        """
        def walk(step, act, learn, steps, limit):
            earned = 0.0
            for _ in range(steps):
                state = 0
                for _ in range(limit):
                    action = act(state)
                    reward, next_state, terminated = step(state, action)
                    learn(state, action, reward, next_state, terminated)
                    earned += reward
                    state = next_state
                    if terminated:
                        break
            return earned
        """,
    ),
    Mistake(
        "the last episode runs on",
        "Stop after `steps` steps, even in the middle of an episode.",
        """
        def walk(step, act, learn, steps, limit):
            count, earned = 0, 0.0
            while count < steps:
                state = 0
                for _ in range(limit):
                    action = act(state)
                    reward, next_state, terminated = step(state, action)
                    learn(state, action, reward, next_state, terminated)
                    earned += reward
                    count += 1
                    state = next_state
                    if terminated:
                        break
            return earned
        """,
    ),
    Mistake(
        "act called twice in each step",
        "Call act once in each step. Q-learning does not need the next action.",
        {LEARN: f"act(next_state)\n        {LEARN}"},
        {LEARN: f"{LEARN}\n        act(next_state)"},
    ),
    Mistake(
        "one step too many or too few",
        "Take exactly `steps` steps.",
        {"range(steps)": "range(steps + 1)"},
        {"range(steps)": "range(steps - 1)"},
        {"range(steps)": "range(1, steps)"},
    ),
    Mistake(
        "action chosen once",
        "Choose an action at every step, from the current state.",
        {
            "    for _ in range(steps):\n        action = act(state)\n": (
                "    action = act(state)\n    for _ in range(steps):\n"
            )
        },
    ),
    Mistake(
        "always acts from the start", "Pass the current state to act.", {"act(state)": "act(0)"}
    ),
    Mistake(
        "step from the start",
        "Pass the current state to step.",
        {"step(state, action)": "step(0, action)"},
    ),
    Mistake(
        "two steps where one is meant",
        "Call step once for each action, and keep its three results.",
        {
            "reward, next_state, terminated = step(state, action)": (
                "reward = step(state, action)[0]\n"
                "        _, next_state, terminated = step(state, action)"
            )
        },
        {
            "reward, next_state, terminated = step(state, action)": (
                "reward = step(state, action)[0]\n"
                "        next_state = step(state, action)[1]\n"
                "        terminated = step(state, action)[2]"
            )
        },
    ),
    Mistake(
        "another action is learned from than was taken",
        "Call act once for each step, and pass the same action to step and to learn.",
        {LEARN: "learn(state, act(state), reward, next_state, terminated)"},
        {LEARN: "learn(state, act(next_state), reward, next_state, terminated)"},
        {"step(state, action)": "step(state, act(state))"},
    ),
    Mistake(
        "only the last reward",
        "Add the rewards up: earned += reward.",
        {"earned += reward": "earned = reward"},
    ),
    Mistake(
        "only the last episode's rewards",
        "The sum is over all steps, not over those of the last episode.",
        {BACK: "            state, age, earned = 0, 0, 0.0"},
    ),
    Mistake(
        "episodes counted instead of rewards",
        "Return the sum of the rewards.",
        {"earned += reward": "earned += terminated"},
    ),
    Mistake(
        "mean instead of sum",
        "Return the sum of the rewards, not their mean.",
        {"return earned": "return earned / steps"},
    ),
    Mistake(
        "rewards discounted",
        "Return the plain sum of the rewards. γ is used in the target, in learn.",
        {"earned += reward": "earned += 0.9**age * reward"},
        {"earned += reward": "earned += 0.99**age * reward"},
        {"for _": "for t", "earned += reward": "earned += 0.9**t * reward"},
        {"for _": "for t", "earned += reward": "earned += 0.99**t * reward"},
    ),
    Mistake(
        "only rewards above 0",
        "Rewards can be negative, too: add all of them.",
        {"earned += reward": "earned += max(reward, 0)"},
    ),
)
