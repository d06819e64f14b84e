"""Mistakes in layers and Adam that check 10.1 can name, as edits of its solution."""

from ..engine import Mistake
from .mistakes_in_the_steps import ACTOR_STEP, CRITIC_STEP, ERROR, HIDDEN_BY_ADAM

# lines of the solution
RELU = "np.maximum(x, 0) if i else x"
RELU_SLOPE = "            grad = grad * (inputs[i] > 0)  # the slope of ReLU\n"
SUM = "grad.sum(axis=0)"
COUNT = "        self.t += 1\n"
LOOP = "grads, self.mean, self.square):\n"
DECAY = "[g + 0.01 * x for g, x in zip(grads, self.critic)]"
AVERAGES = """\
            mean += (1 - 0.9) * (grad - mean)
            square += (1 - 0.999) * (grad**2 - square)
"""
CORRECTED = """\
            mean_hat = mean / (1 - 0.9**self.t)
            square_hat = square / (1 - 0.999**self.t)
"""
MOVE = "x -= self.rate * (mean_hat / (np.sqrt(square_hat) + 1e-8))"


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
        "ReLU missing",
        "Both hidden layers end in ReLU, in both networks.",
        {RELU: "x"},
        {RELU: "x", RELU_SLOPE: "            pass\n"},
        {RELU: "np.maximum(x, 0) if i == 2 else x"},
        {RELU: "np.maximum(x, 0) if i == 4 else x"},
    ),
    Mistake(
        "ReLU on the last layer",
        "The last layer has no ReLU: values and actions can be negative.",
        {"return x, inputs": "return np.maximum(x, 0), inputs"},
    ),
    Mistake(
        "leaky ReLU",
        "ReLU is 0 for every negative number.",
        {RELU: "np.maximum(x, 0.01 * x) if i else x"},
        {RELU: "np.maximum(x, 0.01 * x) if i == 2 else " + RELU},
        {
            RELU: "np.maximum(x, 0.01 * x) if i else x",
            "(inputs[i] > 0)": "np.where(inputs[i] > 0, 1, 0.01)",
        },
    ),
    Mistake(
        "bias missing",
        "Every layer adds its bias, the last one too.",
        {" + network[i + 1]": ""},
        {" + network[i + 1]": " + network[i + 1] * (i < 4)"},
    ),
    Mistake(
        "bias after ReLU",
        "A hidden unit is ReLU(x W + b): add the bias first.",
        {RELU: "np.maximum(x - network[i - 1], 0) + network[i - 1] if i else x"},
        {RELU: "np.maximum(x - network[i - 1], 0) + network[i - 1] if i == 2 else " + RELU},
    ),
    Mistake(
        "the hidden units instead of their slopes",
        "Multiply the gradient by the slope of ReLU, (h > 0), not by h.",
        {"(inputs[i] > 0)": "inputs[i]"},
        {"(inputs[i] > 0)": "(inputs[i] > 0) * (inputs[i] if i == 2 else 1)"},
    ),
    Mistake(
        "ReLU at the input",
        "The first layer takes the observation as it is, negative numbers too.",
        {RELU: "np.maximum(x, 0)"},
    ),
    Mistake(
        "slope of ReLU at the input",
        "The input does not pass through a ReLU, so its gradient is not multiplied by a slope.",
        {"        if i:\n": "        if True:\n"},
    ),
    Mistake(
        "tanh instead of ReLU",
        "The hidden layers are ReLU here, in both networks.",
        {RELU: "np.tanh(x) if i else x", "(inputs[i] > 0)": "(1 - inputs[i] ** 2)"},
        {RELU: "np.tanh(x) if i else x"},
        {RELU: "np.tanh(x) if i == 2 else " + RELU},
    ),
    Mistake(
        "biases averaged",
        "A bias's gradient is the sum over the batch, as a weight's is: the incoming gradient"
        " already contains the 1/N. " + HIDDEN_BY_ADAM,
        {SUM: "grad.mean(axis=0)"},
        {SUM: "(grad.sum(axis=0) if i else grad.mean(axis=0))"},
        {SUM: "(grad.sum(axis=0) if i < 2 else grad.mean(axis=0))"},
    ),
    Mistake(
        "biases summed over all axes",
        "Each bias has its own gradient: sum only over axis 0, the batch.",
        {SUM: "grad.sum()"},
        {SUM: "grad.sum() + 0 * network[2 * i + 1]"},
        {SUM: "(grad.sum(axis=0) if i else grad.sum() + 0 * network[1])"},
    ),
    Mistake(
        "1/N in every layer",
        "Your layers all divide by N. The incoming gradient already contains the 1/N of the loss. "
        + HIDDEN_BY_ADAM,
        {"inputs[i].T @ grad, grad.sum": "inputs[i].T @ grad / len(grad), grad.mean"},
    ),
    Mistake(
        "1/N in the weights' gradients",
        "A weight's gradient is the sum over the batch: the incoming gradient already contains the"
        " 1/N of the loss. " + HIDDEN_BY_ADAM,
        {"inputs[i].T @ grad, ": "inputs[i].T @ grad / len(grad), "},
        {"inputs[i].T @ grad, ": "inputs[i].T @ grad / (1 if i else len(grad)), "},
    ),
    Mistake(
        "the biases do not move",
        "Each bias has a gradient, too: the sum over the batch.",
        {SUM: "0 * grad.sum(axis=0)"},
    ),
    Mistake(
        "one layer's biases do not move",
        "Each bias has a gradient, in every layer: the sum over the batch.",
        *({SUM: f"(i != {i}) * grad.sum(axis=0)"} for i in range(3)),
    ),
)

THROUGH = "        grad = grad @ network[2 * i].T\n"
AT_ONCE = {  # each layer is moved as soon as its own gradients are known
    "    def step(self, grads):\n": "    def step(self, grads):\n        pass\n\n"
    "    def step_of(self, i, grads):\n",
    COUNT: "        self.t += i == 2\n        here = slice(2 * i, 2 * i + 2)\n",
    "zip(self.network, grads, self.mean, self.square)": (
        "zip(self.network[here], grads, self.mean[here], self.square[here])"
    ),
    "def backward(network, inputs, grad):": "def backward(network, inputs, grad, adam=None):",
    THROUGH: "        if adam:\n            adam.step_of(i, grads)\n" + THROUGH,
    f"backward(self.critic, inputs, {ERROR})": (
        f"backward(self.critic, inputs, {ERROR}, self.critic_adam)"
    ),
    "backward(self.actor, actor_inputs, grad_z)": (
        "backward(self.actor, actor_inputs, grad_z, self.actor_adam)"
    ),
}

CLIPPED = (
    "[np.clip(grad, -1, 1) for grad in grads]",
    "[np.clip(grad, -0.5, 0.5) for grad in grads]",
    "[g / max(1, np.sqrt(sum((x**2).sum() for x in grads))) for g in grads]",
    "[g / max(1, 2 * np.sqrt(sum((x**2).sum() for x in grads))) for g in grads]",
)
OTHER_EPSILONS = ("1e-5", "1e-6", "1e-7")

ADAM = (
    Mistake(
        "a layer moves before the gradient has passed it",
        "Compute all gradients first, with the weights of the forward pass. Take Adam's step only"
        " then.",
        AT_ONCE,
    ),
    Mistake(
        "gradient clipped",
        "minddpg.DDPG does not clip gradients by default.",
        *({COUNT: COUNT + f"        grads = {clipped}\n"} for clipped in CLIPPED),
    ),
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
        "wrong β in a bias correction",
        "Divide m by 1 − β1^t and v by 1 − β2^t.",
        {"(1 - 0.999**self.t)": "(1 - 0.9**self.t)"},
        {"(1 - 0.9**self.t)": "(1 - 0.999**self.t)"},
    ),
    Mistake(
        "β · t instead of β^t",
        "The bias correction is 1 − β^t: β to the power t.",
        {"(1 - 0.9**self.t)": "(1 - 0.9 * self.t)"},
    ),
    Mistake(
        "multiplied by the bias correction",
        "Divide m by 1 − β1^t and v by 1 − β2^t.",
        {"/ (1 - 0.9**self.t)": "* (1 - 0.9**self.t)", "/ (1 - 0.999": "* (1 - 0.999"},
    ),
    Mistake(
        "the corrected average is kept",
        "Keep the averages m and v uncorrected. m̂ and v̂ are used in this step alone.",
        {"mean_hat = mean /": "mean[...] = mean_hat = mean /"},
        {"square_hat = square /": "square[...] = square_hat = square /"},
        {
            "mean_hat = mean /": "mean[...] = mean_hat = mean /",
            "square_hat = square /": "square[...] = square_hat = square /",
        },
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
        "Adam's t grows by 1 per step, not by 1 per array.",
        {COUNT: "", LOOP: LOOP + "    " + COUNT},
        {  # of both networks
            COUNT: "",
            LOOP: LOOP + "    " + COUNT,
            CRITIC_STEP: "        self.critic_adam.t = self.actor_adam.t + 1\n" + CRITIC_STEP,
            ACTOR_STEP: "        self.actor_adam.t = self.critic_adam.t\n" + ACTOR_STEP,
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
        "Keep Adam's two averages and its t from one update to the next.",
        {COUNT: "        self.__init__(self.network, self.rate)\n" + COUNT},
    ),
    Mistake(
        "an average of Adam is not kept",
        "mean = mean + ... makes a new array and does not change the stored one. Write"
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
        "two steps in one update",
        "In one update each network takes one step.",
        {CRITIC_STEP: 2 * CRITIC_STEP},
        {ACTOR_STEP: 2 * ACTOR_STEP},
        {CRITIC_STEP: 2 * CRITIC_STEP, ACTOR_STEP: 2 * ACTOR_STEP},
    ),
    Mistake(
        "weight decay",
        "There is no weight decay here: minddpg.DDPG has none by default.",
        {COUNT: COUNT + "        grads = [g + 1e-2 * x for g, x in zip(grads, self.network)]\n"},
        {"        return grads\n": f"        return {DECAY}\n"},
    ),
    Mistake(
        "ε under the root",
        "ε is added to the root of v̂.",
        {"(np.sqrt(square_hat) + 1e-8)": "np.sqrt(square_hat + 1e-8)"},
        {"(np.sqrt(square_hat) + 1e-8)": "np.sqrt(square_hat + 1e-16)"},
    ),
    Mistake(
        "ε beside the uncorrected root",
        "This is Adam's shorter form, in which ε has another meaning. Add ε to the root of v̂, after"
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
        {"(grad**2 - square)": "grad**2 - 0.01 * square"},
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
        {"(1 - 0.9) *": "0.9 *"},
        {"(1 - 0.999) *": "0.999 *"},
    ),
    Mistake(
        "1 − β forgotten",
        "The average keeps β of itself and takes 1 − β of the new gradient.",
        {"(1 - 0.9) * (grad - mean)": "grad - (1 - 0.9) * mean"},
        {"(1 - 0.999) * (grad**2 - square)": "grad**2 - (1 - 0.999) * square"},
        {
            "(1 - 0.9) * (grad - mean)": "grad - (1 - 0.9) * mean",
            "(1 - 0.999) * (grad**2 - square)": "grad**2 - (1 - 0.999) * square",
        },
    ),
    Mistake(
        "Adam climbs",
        "Adam steps against the gradient, downhill: x −= ...",
        {"x -= self.rate": "x += self.rate"},
    ),
    Mistake(
        "root missing in Adam", "Divide by the root of v̂.", {"np.sqrt(square_hat)": "square_hat"}
    ),
    Mistake("no first average in Adam", "Adam moves along m̂.", {"(mean_hat /": "(grad /"}),
    Mistake("plain gradient descent", "Use Adam.", {MOVE: "x -= self.rate * grad"}),
    Mistake(
        "learning rates swapped",
        "Your actor learns at the critic's rate, and your critic at the actor's.",
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

MISTAKES = (*LAYERS, *ADAM)
