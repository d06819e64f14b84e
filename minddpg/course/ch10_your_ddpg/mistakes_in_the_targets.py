"""Mistakes in targets and stored arrays that check 10.1 can name, as edits of its solution."""

from ..engine import Mistake
from .mistakes_in_the_steps import (
    ACTOR_STEP,
    COPY,
    CRITIC_STEP,
    FOLLOW_ACTOR,
    FOLLOW_CRITIC,
    NEXT_ACTION,
    NEXT_Q,
)

# lines of the solution
TARGET = "batch.reward[:, None] + self.discount * goes_on * next_q"
ACT_IN_SINGLE = "return np.float32(np.tanh(forward(self.actor, obs)[0]))"
SHRINK = "            slow *= 1 - self.tau\n"
APPROACH = "            slow += self.tau * fast\n"
COPY_TARGETS = "self.target_actor, self.target_critic = copied(actor), copied(critic)"


def _in_one(step: str) -> list[dict[str, str]]:
    """Return two edits: in each, one target follows by this step and the other is correct."""
    return [
        {
            line: f"        for slow, fast in zip(self.target_{name}, self.{name}):\n"
            f"            {step}\n"
        }
        for name, line in (("actor", FOLLOW_ACTOR), ("critic", FOLLOW_CRITIC))
    ]


TARGETS = (  # in y
    Mistake(
        "mask flipped",
        "Your y bootstraps where the episode has terminated, and nowhere else.",
        {"1.0 - batch.terminated": "batch.terminated"},
    ),
    Mistake(
        "terminated ignored",
        "Your y bootstraps past the end of the episode.",
        {"self.discount * goes_on": "self.discount"},
    ),
    Mistake(
        "reward masked too",
        "",
        {TARGET: "goes_on * (batch.reward[:, None] + self.discount * next_q)"},
    ),
    Mistake(
        "reward discounted too",
        "",
        {TARGET: "self.discount * (batch.reward[:, None] + goes_on * next_q)"},
    ),
    Mistake(
        "minus instead of plus in y",
        "y is the reward plus γ Q'(s', μ'(s')).",
        {TARGET: TARGET.replace("+", "-")},
    ),
    Mistake("reward missing", "", {TARGET: "self.discount * goes_on * next_q"}),
    Mistake("discount missing", "γ is missing from y.", {"self.discount * goes_on": "goes_on"}),
    Mistake(
        "nothing but the reward in y",
        "Your y is the reward alone: it lacks γ Q'(s', μ'(s')).",
        {TARGET: "batch.reward[:, None] + 0 * next_q"},
    ),
    Mistake(
        "target networks not asked",
        "y needs the target networks μ' and Q'.",
        {
            "self.target_actor, batch.next_obs": "self.actor, batch.next_obs",
            "self.target_critic, batch.next_obs": "self.critic, batch.next_obs",
        },
    ),
    Mistake(
        "target critic not asked",
        "y uses Q at the target actor's action. Use Q'.",
        {"self.target_critic, batch.next_obs": "self.critic, batch.next_obs"},
    ),
    Mistake(
        "target actor not asked",
        "y uses the action of μ. Use that of μ'.",
        {"self.target_actor, batch.next_obs": "self.actor, batch.next_obs"},
    ),
    Mistake(
        "replayed action in y",
        "y uses Q' at s' with the minibatch's action, which was taken at s. Use the action μ'(s').",
        {NEXT_ACTION: "next_action = batch.action"},
    ),
    Mistake(
        "the action of s in y",
        "y uses Q' at s' with an action for s. Use the action for s'.",
        {NEXT_ACTION: NEXT_ACTION.replace("next_obs", "obs")},
        {NEXT_ACTION: "next_action = np.tanh(forward(self.actor, batch.obs)[0])"},
    ),
    Mistake(
        "s instead of s' in y",
        "y uses Q' at s. The reward leads to s', so use Q' at s'.",
        {NEXT_Q: NEXT_Q.replace("next_obs", "obs")},
        {
            NEXT_ACTION: NEXT_ACTION.replace("next_obs", "obs"),
            NEXT_Q: NEXT_Q.replace("next_obs", "obs"),
        },
        {NEXT_ACTION: "next_action = batch.action", NEXT_Q: NEXT_Q.replace("next_obs", "obs")},
    ),
    Mistake(
        "tanh missing in the target actor",
        "μ' also ends in tanh.",
        {"next_action = np.tanh": "next_action = "},
    ),
)

POLYAK = (
    Mistake(
        "Polyak reversed",
        "The target keeps only τ of itself.",
        {"slow *= 1 - self.tau": "slow *= self.tau", "+= self.tau": "+= (1 - self.tau)"},
        *_in_one("slow[:] = self.tau * slow + (1 - self.tau) * fast"),
    ),
    Mistake(
        "1 − τ forgotten",
        "The target keeps 1 − τ of itself.",
        {SHRINK: ""},
        *_in_one("slow += self.tau * fast"),
    ),
    Mistake(
        "the target moves away",
        "θ' moves towards θ: θ' ← θ' + τ (θ − θ').",
        {SHRINK: "            slow *= 1 + self.tau\n", "slow += self": "slow -= self"},
    ),
    Mistake(
        "not in every update",
        "The targets follow in every update.",
        *(
            {line: "        if self.actor_adam.t % 2 == 0:\n    " + line}
            for line in (FOLLOW_CRITIC, FOLLOW_ACTOR)
        ),
        {
            line: "        if self.actor_adam.t % 2 == 0:\n    " + line
            for line in (FOLLOW_CRITIC, FOLLOW_ACTOR)
        },
    ),
    Mistake("τ θ forgotten", "The target takes τ of its network.", {APPROACH: ""}),
    Mistake(
        "θ without τ",
        "The target takes τ of its network, not the whole of it.",
        {"slow += self.tau * fast": "slow += fast"},
    ),
    Mistake(
        "target actor not updated",
        "Both targets follow their networks, also the actor's target.",
        {FOLLOW_ACTOR: ""},
    ),
    Mistake(
        "target critic not updated",
        "Both targets follow their networks, also the critic's target.",
        {FOLLOW_CRITIC: ""},
    ),
    Mistake(
        "targets never follow",
        "θ' has not changed, so y would always come from an untrained network.",
        {FOLLOW_CRITIC + FOLLOW_ACTOR: ""},
    ),
    Mistake(
        "the targets' biases do not follow",
        "All six arrays of a network follow, also the biases.",
        {"zip(target, online)": "zip(target[::2], online[::2])"},
    ),
    Mistake(
        "the targets' weights do not follow",
        "All six arrays of a network follow.",
        {"zip(target, online)": "zip(target[1::2], online[1::2])"},
    ),
    Mistake(
        "not every layer follows",
        "All six arrays of a network follow.",
        {"zip(target, online)": "zip(target[:2], online[:2])"},
        {"zip(target, online)": "zip(target[:-2], online[:-2])"},
        {"zip(target, online)": "zip(target[:-1], online[:-1])"},
    ),
    Mistake(
        "the targets follow twice",
        "In one update each target follows once.",
        {FOLLOW_CRITIC + FOLLOW_ACTOR: 2 * (FOLLOW_CRITIC + FOLLOW_ACTOR)},
        {FOLLOW_CRITIC: 2 * FOLLOW_CRITIC},
        {FOLLOW_ACTOR: 2 * FOLLOW_ACTOR},
    ),
    Mistake(
        "the networks follow their targets",
        "The target follows its network, not the other way round.",
        {
            FOLLOW_CRITIC: "        self.follow(self.critic, self.target_critic)\n",
            FOLLOW_ACTOR: "        self.follow(self.actor, self.target_actor)\n",
        },
        {FOLLOW_CRITIC: "        self.follow(self.critic, self.target_critic)\n"},
        {FOLLOW_ACTOR: "        self.follow(self.actor, self.target_actor)\n"},
        *_in_one("fast[:] = self.tau * fast + (1 - self.tau) * slow"),
    ),
    Mistake(
        "targets follow before the update",
        "In algorithm 1 the targets follow at the end of an update.",
        {
            CRITIC_STEP + ACTOR_STEP + FOLLOW_CRITIC + FOLLOW_ACTOR: (
                FOLLOW_CRITIC + FOLLOW_ACTOR + CRITIC_STEP + ACTOR_STEP
            )
        },
    ),
    Mistake(
        "targets follow between the two steps",
        "The targets follow at the end, after the actor's step.",
        {ACTOR_STEP + FOLLOW_CRITIC + FOLLOW_ACTOR: FOLLOW_CRITIC + FOLLOW_ACTOR + ACTOR_STEP},
    ),
)

ARRAYS = (  # what is kept, and what is shared
    Mistake(
        "update moves nothing yet",
        "No network has changed after an update. Is update still empty, or does it change copies?"
        " x = x − ... makes a new array; x −= ... changes the network's own.",
        {CRITIC_STEP + ACTOR_STEP + FOLLOW_CRITIC + FOLLOW_ACTOR: "        pass\n"},
    ),
    Mistake(
        "aliasing",
        "The targets are the networks themselves. Copy the arrays.",
        {COPY_TARGETS: "self.target_actor, self.target_critic = self.actor, self.critic"},
    ),
    Mistake(
        "aliasing",
        "The targets always equal the networks: they share the arrays, or τ was taken to be 1.",
        {
            COPY_TARGETS: "self.target_actor, self.target_critic = self.actor, self.critic",
            SHRINK + APPROACH: "            slow[:] = (1 - self.tau) * slow + self.tau * fast\n",
        },
        {SHRINK + APPROACH: "            slow[:] = fast\n"},
    ),
    Mistake(
        "aliasing",
        "The targets are new lists, but hold the networks' own arrays until they first follow."
        " Copy the arrays.",
        {
            COPY_TARGETS: "self.target_actor = list(self.actor)\n"
            "        self.target_critic = list(self.critic)",
            "for slow, fast in zip(target, online):\n": (
                "for i, (slow, fast) in enumerate(zip(target, online)):\n"
            ),
            SHRINK + APPROACH: "            target[i] = (1 - self.tau) * slow + self.tau * fast\n",
        },
    ),
    Mistake(
        "one target is an alias",
        "One of the targets is its network itself, or shares its arrays. Copy the arrays.",
        {COPY_TARGETS: "self.target_actor, self.target_critic = self.actor, copied(critic)"},
        {COPY_TARGETS: "self.target_actor, self.target_critic = copied(actor), self.critic"},
        *(
            {
                COPY_TARGETS: f"self.target_actor, self.target_critic = {targets}",
                SHRINK + APPROACH: (
                    "            slow[:] = (1 - self.tau) * slow + self.tau * fast\n"
                ),
            }
            for targets in ("self.actor, copied(critic)", "copied(actor), self.critic")
        ),
    ),
    Mistake(
        "γ and τ swapped",
        "__init__ is given the discount γ first, then τ.",
        {"self.tau = discount, tau": "self.tau = tau, discount"},
    ),
    Mistake(
        "no copy",
        "Your networks are the arrays that you were given, so the caller's arrays change with them."
        " Copy the arrays.",
        {COPY: "self.actor, self.critic = actor, critic"},
    ),
    Mistake(
        "no copy",
        "Your targets are the arrays that you were given, so the caller's arrays change with them."
        " Copy the arrays.",
        {COPY_TARGETS: "self.target_actor, self.target_critic = actor, critic"},
    ),
    Mistake(
        "no copy",
        "Your networks and targets are the arrays that you were given: a network, its target and"
        " the caller share one array. Copy the arrays for each network and each target.",
        {"    return [x.copy() for x in network]": "    return network"},
        {"    return [x.copy() for x in network]": "    return list(network)"},
    ),
    Mistake(
        "targets initialised anew",
        "Your targets start with other numbers. They must start as copies of the networks.",
        {
            COPY_TARGETS: (
                "self.target_actor = [x + 0.1 for x in actor]\n"
                "        self.target_critic = [x + 0.1 for x in critic]"
            )
        },
    ),
    Mistake(
        "networks initialised anew",
        "Your actor and critic start with other numbers. Copy the arrays that you are given.",
        {
            COPY: (
                "self.actor = [x + 0.1 for x in actor]\n"
                "        self.critic = [x + 0.1 for x in critic]"
            )
        },
        {
            COPY: (
                "self.actor = [x + 0.1 for x in actor]\n"
                "        self.critic = [x + 0.1 for x in critic]"
            ),
            COPY_TARGETS: "self.target_actor, self.target_critic ="
            " copied(self.actor), copied(self.critic)",
        },
    ),
    Mistake(
        "float32",
        "Keep the arrays in float64, as you are given them: in float32 rounding alone would make"
        " your networks differ from minddpg.DDPG's.",
        {"[x.copy() for x in network]": "[x.astype(np.float32) for x in network]"},
    ),
    Mistake(
        "a part in float32",
        "The error is as small as the rounding of float32. Is a part of your code in float32?",
        {"return batch.reward[:, None] +": "return np.float32(batch.reward)[:, None] +"},
        {"return np.tanh(forward(self.actor, obs)[0])": ACT_IN_SINGLE},
    ),
    Mistake(
        "kept in the class",
        "All agents share the attributes of the class: assign to self.",
        {"self.discount, self.tau = discount": "MyDDPG.discount, MyDDPG.tau = discount"},
        {"self.discount, self.tau = discount": "MyDDPG.discount, self.tau = discount"},
        {"self.discount, self.tau = discount": "self.discount, MyDDPG.tau = discount"},
        {COPY: COPY.replace("self.actor", "MyDDPG.actor")},
        {COPY: COPY.replace("self.critic", "MyDDPG.critic")},
        {COPY_TARGETS: COPY_TARGETS.replace("self.", "MyDDPG.")},
    ),
)

MISTAKES = (*TARGETS, *POLYAK, *ARRAYS)
