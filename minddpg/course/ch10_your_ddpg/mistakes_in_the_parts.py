"""Mistakes in the parts of an agent that exercise 10.1 can name: edits of its solution."""

from ..engine import Mistake
from .mistakes_in_the_steps import ACTOR_STEP, COPY, CRITIC_STEP, ERROR, HIDDEN_BY_ADAM

# lines of the solution
FOLLOW_CRITIC = "        self.follow(self.target_critic, self.critic)\n"
FOLLOW_ACTOR = "        self.follow(self.target_actor, self.actor)\n"
SHRINK = "            slow *= 1 - self.tau\n"
APPROACH = "            slow += self.tau * fast\n"
COPY_TARGETS = "self.target_actor, self.target_critic = copied(actor), copied(critic)"
RELU = "np.maximum(x, 0) if i else x"
RELU_SLOPE = "            grad = grad * (inputs[i] > 0)  # the slope of ReLU\n"
COUNT = "        self.t += 1\n"
AVERAGES = """\
            mean += (1 - 0.9) * (grad - mean)
            square += (1 - 0.999) * (grad**2 - square)
"""
CORRECTED = """\
            mean_hat = mean / (1 - 0.9**self.t)
            square_hat = square / (1 - 0.999**self.t)
"""
MOVE = "x -= self.rate * (mean_hat / (np.sqrt(square_hat) + 1e-8))"
ANEW = "[x + 0.1 for x in {}]"


def _without_slope(place: str) -> dict[str, str]:
    """Return the edit that leaves out the slope of ReLU in one call of backward."""
    return {
        "def backward(network, inputs, grad):": "def backward(network, inputs, grad, relu=True):",
        "        if i:\n": "        if i and relu:\n",
        place: place[:-1] + ", relu=False)",
    }


LAYERS = (
    Mistake(
        "slope of ReLU missing",
        "The gradient does not pass where a hidden unit was 0: multiply it by (h > 0), in every"
        " hidden layer, in both networks, and on the way through the critic to the action.",
        {RELU_SLOPE: "            pass\n"},
        {"        if i:\n": "        if i == 1:\n"},
        {"        if i:\n": "        if i == 2:\n"},
        _without_slope(f"backward(self.critic, inputs, {ERROR})"),
        _without_slope("backward(self.critic, inputs, np.ones_like(q))"),
        _without_slope("backward(self.actor, actor_inputs, grad_z)"),
    ),
    Mistake(
        "slope of ReLU the wrong way round",
        "The gradient passes where a hidden unit was above 0, and is 0 elsewhere.",
        {"(inputs[i] > 0)": "(inputs[i] <= 0)"},
        {"(inputs[i] > 0)": "(inputs[i] < 0)"},
    ),
    Mistake(
        "no ReLU",
        "The hidden layers are ReLU.",
        {RELU: "x"},
        {RELU: "x", RELU_SLOPE: "            pass\n"},
    ),
    Mistake(
        "ReLU at the input",
        "The first layer takes the observation as it is, negative numbers too.",
        {RELU: "np.maximum(x, 0)"},
    ),
    Mistake(
        "slope of ReLU at the input",
        "The input passes through no ReLU: there the gradient stays as it is.",
        {"        if i:\n": "        if True:\n"},
    ),
    Mistake(
        "tanh instead of ReLU",
        "The hidden layers are ReLU here, in both networks.",
        {RELU: "np.tanh(x) if i else x", "(inputs[i] > 0)": "(1 - inputs[i] ** 2)"},
    ),
    Mistake(
        "biases averaged",
        "A bias's gradient is the sum over the batch, as a weight's is: the 1/N is in the gradient"
        " that arrives. " + HIDDEN_BY_ADAM,
        {"grad.sum(axis=0)": "grad.mean(axis=0)"},
    ),
    Mistake(
        "biases summed over all axes",
        "Each bias has a gradient of its own: sum over axis 0, the batch, alone.",
        {"grad.sum(axis=0)": "grad.sum()"},
        {"grad.sum(axis=0)": "grad.sum() + 0 * network[2 * i + 1]"},
    ),
    Mistake(
        "1/N in every layer",
        "Every layer divides by N. The 1/N of the loss is in the gradient that arrives. "
        + HIDDEN_BY_ADAM,
        {"inputs[i].T @ grad, grad.sum": "inputs[i].T @ grad / len(grad), grad.mean"},
    ),
    Mistake(
        "1/N in the weights' gradients",
        "A weight's gradient is the sum over the batch: the 1/N of the loss is in the gradient that"
        " arrives. " + HIDDEN_BY_ADAM,
        {"inputs[i].T @ grad, ": "inputs[i].T @ grad / len(grad), "},
    ),
    Mistake(
        "the biases do not move",
        "Each bias has a gradient, too: the sum over the batch.",
        {"grad.sum(axis=0)": "0 * grad.sum(axis=0)"},
    ),
)

OTHER_EPSILONS = ("1e-5", "1e-6", "1e-7", "1e-10")

ADAM = (
    Mistake(
        "no bias correction",
        "Adam's averages start at zero: divide them by 1 − β^t.",
        {" / (1 - 0.9**self.t)": "", " / (1 - 0.999**self.t)": ""},
    ),
    Mistake(
        "bias correction in one average only",
        "Both of Adam's averages start at zero: divide m by 1 − β1^t and v by 1 − β2^t.",
        {" / (1 - 0.9**self.t)": ""},
        {" / (1 - 0.999**self.t)": ""},
    ),
    Mistake(
        "t stays at 1",
        "Adam's t counts the steps. Yours is 1 in every update.",
        {"self.t += 1": "self.t = 1"},
    ),
    Mistake(
        "t begins at 2",
        "In the first step Adam's t is 1.",
        {"self.t = network, rate, 0": "self.t = network, rate, 1"},
    ),
    Mistake(
        "t counts arrays",
        "Adam's t grows by 1 in a step, not by 1 for each array.",
        {
            COUNT: "",
            "grads, self.mean, self.square):\n": "grads, self.mean, self.square):\n    " + COUNT,
        },
    ),
    Mistake(
        "one step count for both networks",
        "Adam's t counts the steps of one network; yours counts those of both networks together.",
        {
            CRITIC_STEP: CRITIC_STEP + "        self.actor_adam.t += 1\n",
            ACTOR_STEP: ACTOR_STEP + "        self.critic_adam.t += 1\n",
        },
        {
            "self.rate, self.t = network": "self.rate, Adam.t = network",
            "self.t += 1": "Adam.t += 1",
        },
    ),
    Mistake(
        "Adam begins anew in every update",
        "Adam's two averages and its t have to be kept from update to update.",
        {COUNT: "        self.__init__(self.network, self.rate)\n" + COUNT},
    ),
    Mistake(
        "an average of Adam is not kept",
        "mean = mean + ... makes a new array and leaves the one that is kept as it is. Write"
        " mean += ..., or store the new array.",
        {"mean += ": "mean = mean + "},
        {"square += ": "square = square + "},
        {"mean += ": "mean = mean + ", "square += ": "square = square + "},
    ),
    Mistake(
        "Adam's averages move twice",
        "In one update each average moves once.",
        {AVERAGES: AVERAGES + AVERAGES},
        {AVERAGES: AVERAGES + AVERAGES, "self.t += 1": "self.t += 2"},
    ),
    Mistake(
        "two steps of Adam in one update",
        "In one update each network takes one step.",
        {
            COUNT: COUNT + "        self.once(grads)\n        self.once(grads)\n\n"
            "    def once(self, grads):\n"
        },
        {
            COUNT: "        self.once(grads)\n        self.once(grads)\n\n"
            "    def once(self, grads):\n" + COUNT
        },
    ),
    Mistake(
        "ε under the root",
        "ε is added to the root of v̂.",
        {"(np.sqrt(square_hat) + 1e-8)": "np.sqrt(square_hat + 1e-8)"},
    ),
    Mistake(
        "ε beside the uncorrected root",
        "This is Adam's shorter form, in which ε is another number. Add ε to the root of v̂, after"
        " the bias correction.",
        {
            CORRECTED: "",
            MOVE: "x -= self.rate * np.sqrt(1 - 0.999**self.t) / (1 - 0.9**self.t) * mean"
            " / (np.sqrt(square) + 1e-8)",
        },
    ),
    Mistake(
        "another ε",
        "Adam's ε is 1e-8 here.",
        *({"+ 1e-8)": f"+ {epsilon})"} for epsilon in OTHER_EPSILONS),
    ),
    Mistake(
        "another β",
        "Adam has β1 = 0.9 and β2 = 0.999 here.",
        {"(1 - 0.999) *": "(1 - 0.99) *", "0.999**": "0.99**"},
        {"(1 - 0.999) *": "(1 - 0.9) *", "0.999**": "0.9**"},
        {"(1 - 0.9) *": "(1 - 0.99) *", "0.9**": "0.99**"},
        {"(1 - 0.9) *": "(1 - 0.5) *", "0.9**": "0.5**"},
    ),
    Mistake(
        "β1 and β2 swapped",
        "m has β1 = 0.9, v has β2 = 0.999.",
        {
            "(1 - 0.9) *": "(1 - b1) *",
            "0.9**": "b1**",
            "(1 - 0.999) *": "(1 - 0.9) *",
            "0.999**": "0.9**",
            COUNT: COUNT + "        b1 = 0.999\n",
        },
    ),
    Mistake(
        "β and 1 − β swapped",
        "The average keeps β of itself and takes 1 − β of the new gradient.",
        {"(1 - 0.9) *": "0.9 *", "(1 - 0.999) *": "0.999 *"},
    ),
    Mistake(
        "root missing in Adam", "Divide by the root of v̂.", {"np.sqrt(square_hat)": "square_hat"}
    ),
    Mistake("no first average in Adam", "Adam moves along m̂.", {"(mean_hat /": "(grad /"}),
    Mistake("plain gradient descent", "Use Adam.", {MOVE: "x -= self.rate * grad"}),
    Mistake(
        "learning rates swapped",
        "Each network learns at the other's rate.",
        {
            "Adam(self.actor, actor_rate)": "Adam(self.actor, critic_rate)",
            "Adam(self.critic, critic_rate)": "Adam(self.critic, actor_rate)",
        },
    ),
    Mistake(
        "one learning rate for both",
        "The actor has actor_rate, the critic has critic_rate.",
        {"Adam(self.actor, actor_rate)": "Adam(self.actor, critic_rate)"},
        {"Adam(self.critic, critic_rate)": "Adam(self.critic, actor_rate)"},
    ),
)

POLYAK = (
    Mistake(
        "Polyak reversed",
        "The target keeps only τ of itself.",
        {"slow *= 1 - self.tau": "slow *= self.tau", "+= self.tau": "+= (1 - self.tau)"},
    ),
    Mistake("1 − τ forgotten", "The target keeps 1 − τ of itself.", {SHRINK: ""}),
    Mistake("τ θ forgotten", "The target takes τ of its network.", {APPROACH: ""}),
    Mistake(
        "θ without τ",
        "The target takes τ of its network, not the whole of it.",
        {"slow += self.tau * fast": "slow += fast"},
    ),
    Mistake(
        "target actor not updated",
        "Both targets follow their networks, the actor's too.",
        {FOLLOW_ACTOR: ""},
    ),
    Mistake(
        "target critic not updated",
        "Both targets follow their networks, the critic's too.",
        {FOLLOW_CRITIC: ""},
    ),
    Mistake(
        "targets never follow",
        "θ' has not moved, so y would always come from an untrained network.",
        {FOLLOW_CRITIC + FOLLOW_ACTOR: ""},
    ),
    Mistake(
        "the targets' biases do not follow",
        "Biases follow, too: all six arrays of a network.",
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
        {"zip(target, online)": "zip(target[-2:], online[-2:])"},
        {"zip(target, online)": "zip(target[:-1], online[:-1])"},
    ),
    Mistake(
        "the targets follow twice",
        "In one update each target follows once.",
        {FOLLOW_CRITIC + FOLLOW_ACTOR: 2 * (FOLLOW_CRITIC + FOLLOW_ACTOR)},
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
        "No network has moved after an update. Is update still empty, or does it move copies?"
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
        "γ and τ swapped",
        "__init__ is given the discount γ first, then τ.",
        {"self.tau = discount, tau": "self.tau = tau, discount"},
    ),
    Mistake(
        "no copy",
        "Your networks are the very arrays that you were given, so the caller sees them change."
        " Copy the arrays.",
        {COPY: "self.actor, self.critic = actor, critic"},
    ),
    Mistake(
        "no copy",
        "Your targets are the very arrays that you were given, so the caller sees them change."
        " Copy the arrays.",
        {COPY_TARGETS: "self.target_actor, self.target_critic = actor, critic"},
    ),
    Mistake(
        "no copy",
        "Networks and targets are the very arrays that you were given: a network, its target and"
        " the caller share one array. Copy the arrays for each of them.",
        {"    return [x.copy() for x in network]": "    return network"},
        {"    return [x.copy() for x in network]": "    return list(network)"},
    ),
    Mistake(
        "targets initialised anew",
        "The targets start with numbers of their own. They start as copies of the networks.",
        {
            COPY_TARGETS: (
                "self.target_actor = [x + 0.1 for x in actor]\n"
                "        self.target_critic = [x + 0.1 for x in critic]"
            )
        },
    ),
    Mistake(
        "networks initialised anew",
        "actor and critic start with numbers of their own. Copy the arrays that you are given.",
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
        "kept in the class",
        "Two agents share what is kept in the class: assign to self.",
        {"self.discount, self.tau = discount": "MyDDPG.discount, MyDDPG.tau = discount"},
        {"self.discount, self.tau = discount": "MyDDPG.discount, self.tau = discount"},
        {"self.discount, self.tau = discount": "self.discount, MyDDPG.tau = discount"},
        {COPY: COPY.replace("self.actor", "MyDDPG.actor")},
        {COPY: COPY.replace("self.critic", "MyDDPG.critic")},
        {COPY_TARGETS: COPY_TARGETS.replace("self.target_actor", "MyDDPG.target_actor")},
        {COPY_TARGETS: COPY_TARGETS.replace("self.target_critic", "MyDDPG.target_critic")},
        {COPY_TARGETS: COPY_TARGETS.replace("self.", "MyDDPG.")},
    ),
)

MISTAKES = (*LAYERS, *ADAM, *POLYAK, *ARRAYS)
