"""The mistakes that check 12.6 can name: in TD3's three changes, and in turning them off."""

from ..engine import Mistake

# lines of the solution
COPY2 = "self.critic2, self.target_critic2 = self.second.critic, self.second.target_critic"
SECOND = "        self.second.critic_adam.step(self.second.critic_gradient(batch, y))\n"
FIRST = "        self.critic_adam.step(self.critic_gradient(batch, y))\n"
ACTOR = "            self.actor_adam.step(self.actor_gradient(batch))\n"
FOLLOW1 = "            self.follow(self.target_critic, self.critic)\n"
FOLLOW2 = "            self.follow(self.target_critic2, self.critic2)\n"
FOLLOW3 = "            self.follow(self.target_actor, self.actor)\n"
COUNT = "        self.updates += 1\n"
WAIT = "        if self.updates % self.delay == 0:  # 3: the actor and all targets wait\n"
Q1 = "self.q(self.target_critic, batch.next_obs, action)[0][:, 0]"
Q2 = "self.q(self.target_critic2, batch.next_obs, action)[0][:, 0]"
CLIPPED = "np.clip(noise, -self.noise_clip, self.noise_clip)"
FOLLOWS2 = "self.follow(self.target_critic2, self.critic2)"
GRADIENT2 = "self.second.critic_gradient(batch, y))"
RATES = "settings = discount, tau, actor_rate, critic_rate"
SWAPPED = "discount, tau, critic_rate, actor_rate"
MU = "mu(self.target_actor, batch.next_obs)"
CALL = "batch.reward, batch.terminated, next_action, noise, q1, q2, self.discount,"
CLIP = "            self.noise_clip,\n"


def _outdented(line: str) -> str:
    return line[4:]


MISTAKES = (
    Mistake(
        "no delay",
        "The actor and all targets are delayed: they move only at every `delay`-th update.",
        {"self.updates % self.delay == 0": "True"},
    ),
    Mistake(
        "targets do not wait",
        "Only your actor is delayed. Delay the targets, too: they move after the actor's step.",
        {FOLLOW1: "", FOLLOW2: "", FOLLOW3: "".join(map(_outdented, (FOLLOW1, FOLLOW2, FOLLOW3)))},
        {FOLLOW1: "", FOLLOW2: "", COUNT: COUNT + _outdented(FOLLOW1) + _outdented(FOLLOW2)},
    ),
    Mistake(
        "actor does not wait",
        "Only your targets are delayed. Delay the actor's step, too.",
        {ACTOR: "", COUNT: COUNT + _outdented(ACTOR)},
    ),
    Mistake(
        "critics wait",
        "The critics learn at every update. Only the actor and the targets are delayed.",
        {FIRST: "", SECOND: "", ACTOR: "".join("    " + line for line in (FIRST, SECOND)) + ACTOR},
        {SECOND: "", ACTOR: "    " + SECOND + ACTOR},
    ),
    Mistake(
        "counted from 0",
        "The first update is number 1. Counted from 0, it would be a multiple of every delay.",
        {COUNT: "", FOLLOW3: FOLLOW3 + COUNT},
        {"noise_clip, delay, 0": "noise_clip, delay, -1"},
    ),
    Mistake(
        "waits one update too long",
        "The actor moves at updates delay, 2 delay, 3 delay, and so on.",
        {"% self.delay": "% (self.delay + 1)"},
    ),
    Mistake(
        "actor only delayed at the start",
        "The actor is delayed after its first step, too: it moves at multiples of `delay`.",
        {"self.updates % self.delay == 0": "self.updates >= self.delay"},
    ),
    Mistake(
        "waits at the multiples",
        "`updates % delay` is 0 at a multiple of delay, and 0 counts as False.",
        {"self.updates % self.delay == 0": "self.updates % self.delay"},
    ),
    Mistake(
        "hard-coded delay",
        "The delay is an argument, whatever it is.",
        {"% self.delay": "% 2"},
        {"noise_clip, delay, 0": "noise_clip, 2, 0"},
    ),
    Mistake(
        "second critic not trained",
        "critic2 learns at every update, from the same y as critic.",
        {SECOND: ""},
    ),
    Mistake(
        "first critic not trained",
        "critic learns at every update, from the same y as critic2.",
        {FIRST: ""},
    ),
    Mistake(
        "second critic starts as the first",
        "critic2 is the third argument, and needs its own arrays. Two critics that start equal stay"
        " equal.",
        {"MyDDPG(actor, critic2,": "MyDDPG(actor, critic,"},
        {COPY2: "self.critic2, self.target_critic2 = self.critic, self.target_critic"},
    ),
    Mistake(
        "target of the second critic is the second critic",
        "Copy its arrays twice: once for critic2, once for its target.",
        {COPY2: "self.critic2 = self.target_critic2 = self.second.critic"},
    ),
    Mistake(
        "target of the second critic starts as the first critic",
        "Each target starts as a copy of its own network.",
        {
            COPY2: "self.critic2 = self.second.critic\n"
            "        self.target_critic2 = [x.copy() for x in critic]"
        },
    ),
    Mistake(
        "given arrays not copied",
        "Your constructor keeps arrays that it was given. Copy them.",
        {
            COPY2: COPY2 + "\n        self.critic2 = self.second.critic = critic2\n"
            "        self.second.critic_adam.network = critic2"
        },
    ),
    Mistake(
        "target of the second critic never moves",
        "There are three targets, and all of them follow, also target_critic2.",
        {FOLLOW2: ""},
    ),
    Mistake(
        "target of the first critic never moves",
        "There are three targets, and all of them follow, also target_critic.",
        {FOLLOW1: ""},
    ),
    Mistake(
        "target actor never moves",
        "There are three targets, and all of them follow, also target_actor.",
        {FOLLOW3: ""},
    ),
    Mistake(
        "both targets follow the first critic",
        "target_critic2 follows critic2.",
        {FOLLOWS2: "self.follow(self.target_critic2, self.critic)"},
    ),
    Mistake(
        "Polyak in the wrong direction",
        "follow(target, online): the target moves, and the network stays.",
        {FOLLOWS2: "self.follow(self.critic2, self.target_critic2)"},
    ),
    Mistake(
        "targets move before the actor's step",
        "First the actor's step, then all targets.",
        {ACTOR: "", FOLLOW3: FOLLOW3 + ACTOR},
    ),
    Mistake(
        "actor moves before the critics",
        "The critics come first: the actor's step uses the first critic after that critic's step.",
        {FIRST: "", SECOND: "", FOLLOW3: FOLLOW3 + FIRST + SECOND},
        {
            FIRST: "",
            SECOND: "",
            ACTOR: "            pass\n",
            COUNT: COUNT + WAIT + ACTOR + FIRST + SECOND,
        },
    ),
    Mistake(
        "actor climbs the second critic",
        "The actor climbs the first critic alone. The second critic is used in y.",
        {
            "self.actor_gradient(batch)": "self.second_gradient(batch)",
            "    def update(self, batch, noise):": """\
    def second_gradient(self, batch):
        first, self.critic = self.critic, self.critic2
        gradient = self.actor_gradient(batch)
        self.critic = first
        return gradient

    def update(self, batch, noise):""",
        },
    ),
    Mistake(
        "actor climbs the mean of both critics",
        "The actor climbs the first critic alone. The second critic is used in y.",
        {
            "self.actor_gradient(batch)": "self.mean_gradient(batch)",
            "    def update(self, batch, noise):": """\
    def mean_gradient(self, batch):
        first, one = self.critic, self.actor_gradient(batch)
        self.critic = self.critic2
        other, self.critic = self.actor_gradient(batch), first
        return [(a + b) / 2 for a, b in zip(one, other)]

    def update(self, batch, noise):""",
        },
    ),
    Mistake(
        "actor steps twice",
        "The actor takes one step, along the first critic's slope.",
        {ACTOR: ACTOR + ACTOR},
    ),
    Mistake(
        "a target of its own for each critic",
        "Both critics learn from one y, made with the smaller of the two values.",
        {
            SECOND: "        self.second.critic_adam.step("
            "self.second.critic_gradient(batch, self.own_target(batch, noise, q2=True)))\n",
            FIRST: "        y = self.own_target(batch, noise, q2=False)\n" + FIRST,
            "    def update(self, batch, noise):": """\
    def own_target(self, batch, noise, q2):
        critic = self.target_critic2 if q2 else self.target_critic
        q = lambda action: self.q(critic, batch.next_obs, action)[0][:, 0]
        action = mu(self.target_actor, batch.next_obs)
        return td3_target(batch.reward, batch.terminated, action, noise, q, q, self.discount,
                          self.noise_clip)[:, None]

    def update(self, batch, noise):""",
        },
    ),
    Mistake(
        "the second critic's target is made after the first critic's step",
        "Compute y once, before any step.",
        {SECOND: "        y = self.td_target(batch, noise + 0.1)\n" + SECOND},
    ),
    Mistake(
        "max instead of min",
        "You took the larger value. The second critic is there to prevent overestimation.",
        {
            "y = td3_target(": "y = -td3_target(",
            CALL: "-batch.reward, batch.terminated, next_action, noise,\n"
            "            lambda a: -q1(a), lambda a: -q2(a), self.discount,",
        },
    ),
    Mistake(
        "mean instead of min",
        "The mean of two critics overestimates like one of them. Take the smaller.",
        {
            CALL: "batch.reward, batch.terminated, next_action, noise,\n"
            "            *2 * [lambda a: (q1(a) + q2(a)) / 2], self.discount,"
        },
    ),
    Mistake(
        "first critic only",
        "y uses the first target critic alone. Take the smaller of two values.",
        {"q1, q2, self.discount": "q1, q1, self.discount"},
    ),
    Mistake(
        "second critic only",
        "y uses the second target critic alone. Take the smaller of two values.",
        {"q1, q2, self.discount": "q2, q2, self.discount"},
    ),
    Mistake(
        "y asks the critics, not their targets",
        "y is made with the two target critics.",
        {
            "self.q(self.target_critic,": "self.q(self.critic,",
            "self.q(self.target_critic2,": "self.q(self.critic2,",
        },
        {"self.q(self.target_critic2,": "self.q(self.critic2,"},
        {"self.q(self.target_critic,": "self.q(self.critic,"},
    ),
    Mistake(
        "y asks the actor, not its target",
        "The next action comes from the target actor, and gets the noise.",
        {MU: "mu(self.actor, batch.next_obs)"},
    ),
    Mistake(
        "y asks for the replayed action",
        "The next action is μ'(s') with noise, not the action that was taken at s.",
        {MU: "batch.action"},
    ),
    Mistake(
        "next action of the wrong observation",
        "The next action is μ'(s'), at next_obs.",
        {MU: "mu(self.target_actor, batch.obs)"},
    ),
    Mistake(
        "values of the wrong observation",
        "Evaluate both target critics at next_obs.",
        {Q1: Q1.replace("next_obs", "obs"), Q2: Q2.replace("next_obs", "obs")},
    ),
    Mistake(
        "noise missing",
        "You evaluated the critics at the target's action itself. Add the noise first.",
        {"next_action, noise, q1": "next_action, 0 * noise, q1"},
    ),
    Mistake(
        "noise not clipped",
        "The noise is limited to ±noise_clip before it is added.",
        {CLIP: "            np.inf,\n"},
    ),
    Mistake(
        "hard-coded noise_clip",
        "The noise's bound is the argument noise_clip, whatever it is.",
        {CLIP: "            0.5,\n"},
        {CLIP: "            0.2,\n"},
    ),
    Mistake(
        "action not clipped",
        "With noise an action can be outside [−1, 1]. Clip the sum, too.",
        {
            Q1: Q1.replace("action)", f"next_action + {CLIPPED})"),
            Q2: Q2.replace("action)", f"next_action + {CLIPPED})"),
        },
    ),
    Mistake(
        "neither noise nor action clipped",
        "Clip the noise to ±noise_clip, then the sum to ±1.",
        {
            Q1: Q1.replace("action)", "next_action + noise)"),
            Q2: Q2.replace("action)", "next_action + noise)"),
        },
    ),
    Mistake(
        "noise scaled again",
        "The noise already has its scale: only clip it.",
        *({"next_action, noise, q1": f"next_action, {k} * noise, q1"} for k in (0.1, 0.2, 0.5, 2)),
    ),
    Mistake(
        "noise on the action that is executed",
        "Only the target's action gets noise. act returns μ(s) itself.",
        {
            "    def td_target(self": """\
    def act(self, obs):
        return np.clip(super().act(obs) + 0.1, -1, 1)

    def td_target(self"""
        },
    ),
    Mistake(
        "terminated ignored",
        "Nothing follows after termination, but your target still contains a next value.",
        {"batch.reward, batch.terminated,": "batch.reward, 0 * batch.terminated,"},
    ),
    Mistake(
        "discount missing",
        "γ multiplies what comes next.",
        {"q1, q2, self.discount,": "q1, q2, 1.0,"},
    ),
    Mistake(
        "learning rates swapped",
        "Both critics learn at critic_rate, the actor at actor_rate.",
        {RATES: f"settings = {SWAPPED}"},
        {"MyDDPG(actor, critic2, *settings)": f"MyDDPG(actor, critic2, {SWAPPED})"},
    ),
    Mistake(
        "one Adam for both critics",
        "Each critic needs its own Adam, whose averages are those of one network.",
        {
            SECOND: "        grads = self.second.critic_gradient(batch, y)\n"
            "        adam = self.critic_adam\n"
            "        adam.network = self.critic2\n"
            "        adam.step(grads)\n"
            "        adam.network = self.critic\n"
        },
    ),
    Mistake(
        "factor N in the second critic's gradient",
        "The 1/N of the mean is missing. Adam hides a factor until the gradients are as small as"
        " its ε.",
        {GRADIENT2: f"[len(y) * x for x in {GRADIENT2[:-1]}])"},
    ),
    Mistake(
        "factor 1/2 in the gradient of both critics",
        "Each critic has its own loss, with the gradient 2/N Σ (Q − y) ∇Q.",
        {
            FIRST: FIRST.replace("step(", "step([x / 2 for x in ").replace("y))", "y)])"),
            GRADIENT2: f"[x / 2 for x in {GRADIENT2[:-1]}])",
        },
        {GRADIENT2: f"[x / 2 for x in {GRADIENT2[:-1]}])"},
    ),
    Mistake(
        "the minimum is still on",
        "With critic2 a copy of critic, both targets have one value, and the smaller is that value."
        " They get the same y, so they stay equal.",
        {"[x.copy() for x in critic]": "[0 * x for x in critic]"},
        {"[x.copy() for x in critic]": "[-x for x in critic]"},
        {"[x.copy() for x in critic]": "[np.inf * np.ones_like(x) for x in critic]"},
    ),
    Mistake(
        "the smoothing is still on",
        "Noise 0 leaves the target's action as it is. A small or a constant noise does not.",
        {"np.zeros_like(noise)": "noise"},
        {"np.zeros_like(noise)": "np.ones_like(noise)"},
        {"np.zeros_like(noise)": "np.full_like(noise, 1e-3)"},
    ),
    Mistake(
        "the delay is still on",
        "With delay 1 every update is a multiple, so the actor and the targets move each time.",
        {"delay = 1": "delay = 2"},
        {"delay = 1": "delay = 10**9"},
    ),
)
