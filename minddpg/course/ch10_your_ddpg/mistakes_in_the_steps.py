"""Mistakes in the steps of an update that check 10.1 can name, as edits of its solution."""

from ..engine import Mistake

# lines of the solution
CRITIC_STEP = "        self.critic_adam.step(self.critic_gradient(batch, self.td_target(batch)))\n"
ACTOR_STEP = "        self.actor_adam.step(self.actor_gradient(batch))\n"
FOLLOW_CRITIC = "        self.follow(self.target_critic, self.critic)\n"
FOLLOW_ACTOR = "        self.follow(self.target_actor, self.actor)\n"
DELAYED = ("self.critic_adam.t % 2 == 0", "self.critic_adam.t % 2")
REWARD = "batch.reward[:, None] +"
ERROR = "2 / len(q) * (q - y)"
ASKED = "self.q(self.critic, batch.obs, action)"
REPLAYED_Q = "self.q(self.critic, batch.obs, batch.action)"
NEXT_Q = "self.q(self.target_critic, batch.next_obs, next_action)"
COPY = "self.actor, self.critic = copied(actor), copied(critic)"
Q = "        return forward(critic, np.concatenate((obs, action), axis=1))\n"
TANH_Q = """\
        z, inputs = forward(critic, np.concatenate((obs, action), axis=1))
        return np.tanh(z), inputs
"""
CRITIC_MOVED = """\
        self.critic_adam.step([-grad / len(q) for grad in grads])
        dq_da ="""
ACTS = "return np.tanh(forward(self.actor, obs)[0])"
NEXT_ACTION = "next_action = np.tanh(forward(self.target_actor, batch.next_obs)[0])"
WITHOUT_TANH = {ACTS: ACTS.replace("np.tanh", ""), NEXT_ACTION: NEXT_ACTION.replace("np.tanh", "")}
CLIPPED = {
    ACTS: ACTS.replace("np.tanh(", "np.clip(")[:-1] + ", -1, 1)",
    NEXT_ACTION: NEXT_ACTION.replace("np.tanh(", "np.clip(")[:-1] + ", -1, 1)",
    "        action = np.tanh(z)": "        action = np.clip(z, -1, 1)",
}
HIDDEN_BY_ADAM = "Adam hides a factor until the gradients are as small as its ε."


def _action_first(critic: str, obs: str, action: str) -> str:
    """Return a call of the critic with its two inputs in the other order."""
    return f"forward({critic}, np.concatenate(({action}, {obs}), axis=1))"


ACTOR = (
    Mistake(
        "sign flipped",
        "Your actor descends Q. Its loss is −Q, so it has to climb Q.",
        {"-dq_da": "dq_da"},
    ),
    Mistake(
        "sign flipped and factor N",
        "Your actor descends Q, and the 1/N is missing: its loss is −1/N Σ Q.",
        {"-dq_da / len(q)": "dq_da"},
    ),
    Mistake("factor N", HIDDEN_BY_ADAM, {"-dq_da / len(q)": "-dq_da"}),
    Mistake("factor 1/N", HIDDEN_BY_ADAM, {"-dq_da / len(q)": "-dq_da / len(q) ** 2"}),
    Mistake(
        "factor 1/A",
        "The mean is over the N transitions, not over the actions' entries. " + HIDDEN_BY_ADAM,
        {"-dq_da / len(q)": "-dq_da / dq_da.size"},
    ),
    Mistake(
        "64 instead of N",
        "Divide by the number of transitions in the minibatch, len(batch.reward). "
        + HIDDEN_BY_ADAM,
        {"-dq_da / len(q)": "-dq_da / 64"},
        {ERROR: "2 / 64 * (q - y)"},
        {"-dq_da / len(q)": "-dq_da / 64", ERROR: "2 / 64 * (q - y)"},
    ),
    Mistake(
        "factor N in both gradients",
        "The 1/N of the means is missing. " + HIDDEN_BY_ADAM,
        {"-dq_da / len(q)": "-dq_da", ERROR: "2 * (q - y)"},
    ),
    Mistake("factor 2", HIDDEN_BY_ADAM, {"-dq_da / len(q)": "-2 * dq_da / len(q)"}),
    Mistake("factor 1/2", HIDDEN_BY_ADAM, {"-dq_da / len(q)": "-dq_da / 2 / len(q)"}),
    Mistake(
        "slope missing",
        "The actor ends in tanh. Multiply −∇a Q / N by the slope of tanh, 1 − a².",
        {" * (1 - action**2)": ""},
    ),
    Mistake(
        "slope missing and factor N",
        "The slope of tanh, 1 − a², and the mean's 1/N are missing.",
        {"-dq_da / len(q) * (1 - action**2)": "-dq_da"},
    ),
    Mistake(
        "slope at the input, where the output is meant",
        "The slope of tanh is 1 − a² with the action a = tanh(z), not 1 − z².",
        {"(1 - action**2)": "(1 - z**2)"},
    ),
    Mistake(
        "square missing in the slope",
        "The slope of tanh is 1 − a², not 1 − a.",
        {"(1 - action**2)": "(1 - action)"},
    ),
    Mistake(
        "slope at the replayed action",
        "Take the slope of tanh at the action μ(s), not at the one in the buffer.",
        {"(1 - action**2)": "(1 - batch.action**2)"},
    ),
    Mistake(
        "slope at the output, where the input is meant",
        "The action already is tanh(z). For the slope you applied tanh a second time.",
        {"(1 - action**2)": "(1 - np.tanh(action) ** 2)"},
    ),
    Mistake(
        "tanh missing in the actor's step",
        "Evaluate the critic at the action μ(s), which ends in tanh.",
        {"action = np.tanh(z)": "action = z"},
        {"action = np.tanh(z)": "action = z", " * (1 - action**2)": ""},
        {"action = np.tanh(z)": "action = z", "(1 - action**2)": "(1 - np.tanh(z) ** 2)"},
    ),
    Mistake(
        "gradient at the replayed action",
        "You took ∇a Q at the action in the buffer. Take it at μ(s).",
        {"batch.obs, action)": "batch.obs, batch.action)"},
    ),
    Mistake(
        "only the sign of ∇a Q",
        "The actor's gradient is ∇a Q itself: a steep slope counts more than a flat one.",
        {"-dq_da": "-np.sign(dq_da)"},
    ),
    Mistake(
        "the actor's step at s'",
        "The actor's step uses the observations s of the minibatch, not the next ones.",
        {
            "forward(self.actor, batch.obs)": "forward(self.actor, batch.next_obs)",
            ASKED: "self.q(self.critic, batch.next_obs, action)",
        },
        {"forward(self.actor, batch.obs)": "forward(self.actor, batch.next_obs)"},
        {ASKED: "self.q(self.critic, batch.next_obs, action)"},
    ),
    Mistake(
        "slice of the wrong input",
        "Some of these columns are ∂Q/∂s, not ∂Q/∂a: the action's A columns come last.",
        {"batch.obs.shape[1] :": ": action.shape[1]"},
        {"batch.obs.shape[1] :": "batch.obs.shape[1] - 1 : -1"},
    ),
    Mistake(
        "one column instead of A",
        "You took one column of the gradient. An action has A entries: take the last A columns.",
        {"batch.obs.shape[1] :]": "-1:]"},
        {"batch.obs.shape[1] :]": "batch.obs.shape[1] : batch.obs.shape[1] + 1]"},
    ),
    Mistake(
        "∇a Q summed over the action's entries",
        "Each entry of the action has its own derivative.",
        {"batch.obs.shape[1] :]": "batch.obs.shape[1] :].sum(axis=1, keepdims=True)"},
    ),
    Mistake(
        "∇a Q averaged over the batch",
        "Each transition has its own ∇a Q, which goes back through its own action.",
        {"batch.obs.shape[1] :]": "batch.obs.shape[1] :].mean(axis=0, keepdims=True)"},
    ),
    Mistake(
        "Q itself sent back",
        "∇a Q is the derivative of Q: send back ones. Q itself gives the derivative of Q²/2.",
        {"np.ones_like(q)": "q"},
    ),
    Mistake(
        "the loss's gradient sent back to the action",
        "∇a Q is the derivative of Q itself: send back ones. Only the critic's step uses Q − y.",
        {"np.ones_like(q)": "2 / len(q) * (q - self.td_target(batch))"},
        {
            "        return grads\n": f"        self.error = {ERROR}\n        return grads\n",
            "np.ones_like(q)": "self.error",
        },
    ),
    Mistake(
        "the actor climbs the target critic",
        "The actor climbs Q, the critic that has just been improved. Use Q' in y alone.",
        {
            ASKED: ASKED.replace("self.critic", "self.target_critic"),
            "backward(self.critic, inputs, np": "backward(self.target_critic, inputs, np",
        },
        {ASKED: ASKED.replace("self.critic", "self.target_critic")},
        {"backward(self.critic, inputs, np": "backward(self.target_critic, inputs, np"},
    ),
    Mistake(
        "the inputs of the critic's own step",
        "backward got the layers' inputs from the critic's step, at the replayed action. Run the"
        " improved critic forward at μ(s) first.",
        {
            "        return grads\n": "        self.inputs = inputs\n        return grads\n",
            "backward(self.critic, inputs, np": "backward(self.critic, self.inputs, np",
        },
    ),
    Mistake(
        "the actor's step moves the critic",
        "The gradient passes through the critic, but must not change its θ.",
        {"grad_joint, _ =": "grad_joint, grads =", "        dq_da =": CRITIC_MOVED},
        {  # with a count of updates as Adam's t
            "grad_joint, _ =": "grad_joint, grads =",
            "        dq_da =": "        self.critic_adam.t -= 1\n" + CRITIC_MOVED,
        },
    ),
    Mistake(
        "the actor's step with the target actor",
        "The actor's step uses μ, the actor that acts. Use μ' in y alone.",
        {"forward(self.actor, batch.obs)": "forward(self.target_actor, batch.obs)"},
        {
            "forward(self.actor, batch.obs)": "forward(self.target_actor, batch.obs)",
            "backward(self.actor, actor": "backward(self.target_actor, actor",
        },
    ),
    Mistake(
        "actor before critic",
        "Algorithm 1 updates the critic first.",
        {CRITIC_STEP + ACTOR_STEP: ACTOR_STEP + CRITIC_STEP},
    ),
    Mistake(
        "the actor does not move yet",
        "The critic is correct. The actor and both targets do not change yet: add their steps.",
        {ACTOR_STEP + FOLLOW_CRITIC + FOLLOW_ACTOR: ""},
    ),
    Mistake(
        "delayed actor",
        "The actor takes a step in every update. Delaying it is TD3's idea.",
        *({ACTOR_STEP: f"        if {at}:\n    " + ACTOR_STEP} for at in DELAYED),
        *(
            {
                ACTOR_STEP: f"        if {at}:\n    " + ACTOR_STEP,
                FOLLOW_CRITIC: "    " + FOLLOW_CRITIC,
                FOLLOW_ACTOR: "    " + FOLLOW_ACTOR,
            }
            for at in DELAYED
        ),
    ),
    Mistake(
        "the actor does not move",
        "update does not change the actor: its step is missing, or changes other arrays.",
        {ACTOR_STEP: ""},
        {"Adam(self.actor, actor_rate)": "Adam(self.target_actor, actor_rate)"},
    ),
)

ACT = (
    Mistake(
        "tanh missing everywhere",
        "The actor ends in tanh wherever it is used: in act, in y, and in its own step.",
        {**WITHOUT_TANH, "action = np.tanh(z)": "action = z"},
        {**WITHOUT_TANH, "action = np.tanh(z)": "action = z", " * (1 - action**2)": ""},
        {
            **WITHOUT_TANH,
            "action = np.tanh(z)": "action = z",
            "(1 - action**2)": "(1 - np.tanh(z) ** 2)",
        },
    ),
    Mistake(
        "tanh missing when acting",
        "The actor ends in tanh, also in act.",
        {"return np.tanh": "return "},
    ),
    Mistake(
        "clipped instead of tanh",
        "The actor ends in tanh; np.clip is another function.",
        {ACTS: ACTS.replace("np.tanh(", "np.clip(")[:-1] + ", -1, 1)"},
        CLIPPED,
        {**CLIPPED, " * (1 - action**2)": ""},
        {**CLIPPED, "(1 - action**2)": "(np.abs(z) < 1)"},
    ),
    Mistake(
        "action scale in act",
        "act returns actions in [−1, 1]. Only env.step needs the environment's units.",
        {"return np.tanh": "return 2 * np.tanh"},
    ),
    Mistake(
        "acts with the target actor",
        "act uses self.target_actor, which lags behind. It should use self.actor.",
        {"forward(self.actor, obs)": "forward(self.target_actor, obs)"},
    ),
    Mistake(
        "acts with the initial actor",
        "act does not use the updated actor: it uses the initial arrays.",
        {
            COPY: COPY + "\n        self.first = copied(actor)",
            "forward(self.actor, obs)": "forward(self.first, obs)",
        },
    ),
)

CRITIC = (
    Mistake(
        "factor 1/2 in the critic's gradient",
        "The square's 2 is missing. " + HIDDEN_BY_ADAM,
        {ERROR: "1 / len(q) * (q - y)"},
    ),
    Mistake("factor 2 in the critic's gradient", HIDDEN_BY_ADAM, {ERROR: "4 / len(q) * (q - y)"}),
    Mistake(
        "factor N in the critic's gradient",
        "Its 1/N is missing. " + HIDDEN_BY_ADAM,
        {ERROR: "2 * (q - y)"},
    ),
    Mistake(
        "factor N/2 in the critic's gradient",
        "The square's 2 and the mean's 1/N are missing. " + HIDDEN_BY_ADAM,
        {ERROR: "(q - y)"},
    ),
    Mistake(
        "factor 1/N in the critic's gradient",
        "It is divided by N twice. " + HIDDEN_BY_ADAM,
        {ERROR: "2 / len(q) ** 2 * (q - y)"},
    ),
    Mistake(
        "sign of the critic's gradient flipped",
        "Your critic climbs its loss: Q moves away from y. The gradient is 2 (Q − y) / N.",
        {"(q - y)": "(y - q)"},
    ),
    Mistake(
        "sign flipped and factor N/2 in the critic's gradient",
        "The derivative of 1/N Σ (Q − y)² with respect to Q is 2 (Q − y) / N, not y − Q.",
        {ERROR: "(y - q)"},
    ),
    Mistake(
        "(N, N) broadcast",
        "",
        {"(q - y)": "(q - y[:, 0]).mean(axis=1, keepdims=True)"},
        {"(q - y)": "(q - y[:, 0]).sum(axis=1, keepdims=True)"},
        *(  # already in y: the reward is a row, next_q a column
            {REWARD: "batch.reward +", "(q - y)": f"(q - y).{over}(axis=1, keepdims=True)"}
            for over in ("mean", "sum")
        ),
        *(
            {
                REWARD: "batch.reward +",
                "terminated[:, None]": "terminated",
                "(q - y)": f"(q - y).{over}(axis=1, keepdims=True)",
            }
            for over in ("mean", "sum")
        ),
    ),
    Mistake(
        "target not held constant",
        "Your gradient flows through y as well. Treat y as a constant number.",
        {
            "        return grads\n": """
        next_action = np.tanh(forward(self.target_actor, batch.next_obs)[0])
        _, inputs = self.q(self.critic, batch.next_obs, next_action)
        goes_on = 1.0 - batch.terminated[:, None]
        grad_y = 2 / len(q) * (y - q) * self.discount * goes_on
        _, through_y = backward(self.critic, inputs, grad_y)
        return [grad + more for grad, more in zip(grads, through_y)]
"""
        },
    ),
    Mistake(
        "absolute error instead of squared",
        "The critic's loss is the mean of (Q − y)²; you took the gradient of |Q − y|.",
        {ERROR: "np.sign(q - y) / len(q)"},
        {ERROR: "2 / len(q) * np.sign(q - y)"},
    ),
    Mistake(
        "the loss instead of its gradient",
        "You sent back (Q − y)². Send back its derivative with respect to Q, 2 (Q − y) / N.",
        {ERROR: "(q - y) ** 2 / len(q)"},
        {ERROR: "2 / len(q) * (q - y) ** 2"},
    ),
    Mistake(
        "error clipped",
        "The critic's loss is the mean of (Q − y)², however large Q − y is.",
        {"(q - y)": "np.clip(q - y, -1, 1)"},
    ),
    Mistake(
        "the critic's step at μ(s)",
        "The critic learns the value of the action that was taken: batch.action.",
        {"batch.obs, batch.action)": "batch.obs, self.act(batch.obs))"},
    ),
    Mistake(
        "the critic's step at s'",
        "The critic learns Q(s, a). Use s' in y alone.",
        {"batch.obs, batch.action)": "batch.next_obs, batch.action)"},
    ),
    Mistake(
        "tanh on the critic",
        "Only the actor ends in tanh. The critic's values can be far outside [−1, 1].",
        {Q: TANH_Q},
        {Q: TANH_Q, "(q - y)": "(q - y) * (1 - q**2)", "np.ones_like(q)": "1 - q**2"},
    ),
    Mistake(
        "[action | obs]",
        "The critic's input is [obs | action], in this order, wherever it is used.",
        {"((obs, action), axis=1)": "((action, obs), axis=1)"},
        {
            "((obs, action), axis=1)": "((action, obs), axis=1)",
            "batch.obs.shape[1] :": ": action.shape[1]",
        },
        {NEXT_Q: _action_first("self.target_critic", "batch.next_obs", "next_action")},
        {REPLAYED_Q: _action_first("self.critic", "batch.obs", "batch.action")},
        {ASKED: _action_first("self.critic", "batch.obs", "action")},
        {
            ASKED: _action_first("self.critic", "batch.obs", "action"),
            "batch.obs.shape[1] :": ": action.shape[1]",
        },
    ),
    Mistake(
        "the critic does not move",
        "update does not change the critic: its step is missing, or changes other arrays.",
        {CRITIC_STEP: ""},
        {"Adam(self.critic, critic_rate)": "Adam(self.target_critic, critic_rate)"},
    ),
)

MISTAKES = (*ACTOR, *ACT, *CRITIC)
