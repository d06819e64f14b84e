"""The mistakes of exercise 06.5, a judge for the actor's loss."""

from ..engine import Mistake

VERDICT = "same_loss and same_gradient and same_actor and same_critic"
OWN = "actor_loss(actor, critic, obs, replayed_action)[0]"
RUN = "q, _ = critic.forward(obs, action)"
LOSS, GRADIENT = "np.isclose(loss, loss_at(theta))", "np.allclose(grad_theta, expected)"
BOTH_LENGTHS = "np.linalg.norm(grad_theta) * np.linalg.norm(expected)"
ERROR = "np.linalg.norm(grad_theta - expected)"
RELATIVE = f"{ERROR} / np.linalg.norm(expected) < 1e-3"
REPLAYED = (
    "Your own loss is that of the replayed actions: it does not depend on θ^μ, and its gradient is"
    " 0. Run the critic at the actor's own actions."
)
NOT_PUT_IN = (
    "Your own loss does not use the θ that it is given, so it never changes, and its numerical"
    " derivative is 0. Write the numbers into the actor's own array: actor.theta[:] = theta."
    " Without [:] the name gets another array, and the layers keep the old one."
)
PUT_BACK = "    actor.theta[:] = theta\n    verdict"

MISTAKES = (
    Mistake(
        "the loss it returned is trusted",
        "You compared the gradient with the derivative of the loss that you were given. They can"
        " fit each other and both be wrong. Compute −mean of Q yourself.",
        {"return -q.mean()": f"return {OWN}"},
        {"return -q.mean()": f"return {OWN}", LOSS: "True"},
        {"return -q.mean()": f"return {OWN}", GRADIENT: RELATIVE},  # refuses one more: 0/0
    ),
    Mistake(
        "only the gradient of the returned loss is checked",
        "The gradient fits the loss that was returned, but three more things can be wrong. Compute"
        " −mean of Q yourself, and compare the loss with it. Compare θ^μ and θ^Q with copies from"
        " before the call.",
        {"return -q.mean()": f"return {OWN}", VERDICT: "same_gradient"},
    ),
    Mistake(
        "the loss is not compared",
        "You looked at the gradient alone. The number that is returned as the loss can be wrong.",
        {LOSS: "True"},
    ),
    Mistake(
        "the gradient is not compared",
        "You looked at the loss alone. The gradient is what the actor follows.",
        {GRADIENT: "True"},
    ),
    Mistake(
        "a moved critic is not noticed",
        "In one case the result is right, but θ^Q has changed afterwards. Compare it with a copy"
        " from before the call: without .copy() both names are the same array.",
        {f"{VERDICT}\n": "same_loss and same_gradient and same_actor\n"},
        {"actor.theta.copy(), critic.theta.copy()": "actor.theta.copy(), critic.theta"},
        {
            "theta, theta_q = actor.theta.copy(), critic.theta.copy()\n    ": "",
            "    same_actor =": "    theta, theta_q = actor.theta.copy(), critic.theta.copy()\n"
            "    same_actor =",
        },
    ),
    Mistake(
        "a moved actor is not noticed",
        "In one case the result is right, but θ^μ has changed afterwards: the function took a step."
        " Compare θ^μ with a copy from before the call, and do so before you restore θ^μ.",
        {f"{VERDICT}\n": "same_loss and same_gradient and same_critic\n"},
    ),
    Mistake(
        "moved networks are not noticed",
        "In two cases the result is right, but θ^Q or θ^μ has changed. Compare both with copies"
        " from before the call: without .copy() both names are the same array.",
        {f"{VERDICT}\n": "same_loss and same_gradient\n"},
        {f"{VERDICT}\n": "same_loss and same_gradient and (same_actor or same_critic)\n"},
    ),
    Mistake(
        "nothing but the networks compared",
        "You looked at θ alone. The loss and the gradient have to be right, too.",
        {f"{VERDICT}\n": "same_actor and same_critic\n"},
    ),
    Mistake(
        "one right part is enough",
        "The loss and the gradient both have to be right: join the questions with `and`.",
        {"same_loss and same_gradient": "(same_loss or same_gradient)"},
    ),
    Mistake(
        "Q at the replayed action in the reference",
        REPLAYED,
        {RUN: "q, _ = critic.forward(obs, replayed_action)"},
    ),
    Mistake(
        "sign of the reference",
        "Your own loss has the wrong sign: the actor descends −mean of Q.",
        {"return -q.mean()": "return q.mean()"},
    ),
    Mistake(
        "sum in the reference",
        "Your own loss is the sum of −Q. It should be the mean.",
        {"-q.mean()": "-q.sum()"},
    ),
    Mistake(
        "θ not put into the actor",
        NOT_PUT_IN,
        {"        actor.theta[:] = theta\n": ""},
        {"        actor.theta[:] = theta\n": "        actor.theta = theta\n"},
    ),
    Mistake(
        "tolerance too large",
        "You accept a gradient that is wrong by a hundredth of its length. Central differences are"
        " much more exact than that.",
        {GRADIENT: "np.allclose(grad_theta, expected, atol=0.5)"},
        {GRADIENT: "np.allclose(grad_theta, expected, rtol=1e-2, atol=1e-2)"},
        {GRADIENT: "np.abs(grad_theta - expected).mean() < 1e-3"},
        {GRADIENT: "np.linalg.norm(grad_theta - expected) < 0.05 * np.linalg.norm(expected)"},
    ),
    Mistake(
        "absolute value missing",
        "An entry that is too low makes a negative difference, which is below every tolerance."
        " Take the norm, or the absolute value.",
        {GRADIENT: "(grad_theta - expected).max() < 1e-4"},
    ),
    Mistake(
        "absolute value missing",
        "An entry that is too high makes a negative difference, which is below every tolerance."
        " Take the norm, or the absolute value.",
        {GRADIENT: "(expected - grad_theta).max() < 1e-4"},
    ),
    Mistake(
        "errors that cancel",
        "You averaged or added the differences before you took their absolute value: one that is"
        " too high and one that is too low cancel.",
        {GRADIENT: "abs((grad_theta - expected).mean()) < 1e-5"},
        {GRADIENT: "np.isclose(grad_theta.sum(), expected.sum())"},
    ),
    Mistake(
        "only the lengths compared",
        "Two gradients of the same length can have different directions: take the norm of the"
        " difference, not the difference of the norms.",
        {GRADIENT: "np.isclose(np.linalg.norm(grad_theta), np.linalg.norm(expected))"},
        {GRADIENT: "abs(np.linalg.norm(grad_theta) / np.linalg.norm(expected) - 1) < 1e-3"},
    ),
    Mistake(
        "only the directions compared",
        "A gradient can have the right direction and the wrong length.",
        {GRADIENT: f"grad_theta @ expected >= 0.9999999 * {BOTH_LENGTHS}"},
        {GRADIENT: f"grad_theta @ expected >= 0.999 * {BOTH_LENGTHS}"},
        {GRADIENT: f"grad_theta @ expected > 0.9 * {BOTH_LENGTHS}"},
        {GRADIENT: "np.array_equal(np.sign(grad_theta), np.sign(expected))"},
        {GRADIENT: "grad_theta @ expected > 0"},
        {GRADIENT: f"grad_theta @ expected / ({BOTH_LENGTHS}) > 0.999"},
        {GRADIENT: f"grad_theta @ expected / ({BOTH_LENGTHS}) > 0.999999"},
    ),
    Mistake(
        "each entry divided by itself",
        "Where an entry of the gradient is 0 or nearly so, its own relative error means nothing,"
        " and 0/0 is NaN. Divide by the length of the whole gradient.",
        {GRADIENT: "np.max(np.abs((grad_theta - expected) / expected)) < 1e-3"},
        {GRADIENT: "np.allclose(grad_theta / expected, 1)"},
    ),
    Mistake(
        "one entry is enough",
        "All entries have to be right: np.all, or the norm of the difference.",
        {GRADIENT: "np.any(np.isclose(grad_theta, expected))"},
        {GRADIENT: "np.isclose(grad_theta, expected)[0]"},
        {GRADIENT: "np.isclose(grad_theta, expected)[-1]"},
    ),
    Mistake(
        "some entries left out",
        "You compare only some entries of the gradient. An error can be in any of them.",
        {GRADIENT: "np.allclose(grad_theta[:5], expected[:5])"},
        {GRADIENT: "np.allclose(grad_theta[::10], expected[::10])"},
    ),
    Mistake(
        "the loss compared exactly",
        "Sums in another order differ in their last digits, so == refuses correct losses. Use"
        " np.isclose.",
        {LOSS: "loss == loss_at(theta)"},
    ),
    Mistake(
        "NaN accepted",
        "Every comparison with NaN is False, so `not error > tolerance` accepts it. Compare with"
        " `<=`.",
        {GRADIENT: "not np.abs(grad_theta - expected).max() > 1e-4"},
    ),
    Mistake(
        "compared with itself",
        "You compared the function with itself: called twice, it gives the same result, right or"
        " wrong.",
        {"numerical_gradient(loss_at, theta, 1e-5)": OWN.replace("[0]", "[1]"), LOSS: "True"},
    ),
    Mistake(
        "verdict the wrong way round",
        "You return True where something is wrong.",
        {"return verdict": "return not verdict"},
    ),
    Mistake(
        "everything accepted",
        "Your judge accepts every loss. Are the comparisons joined with `and`, and does each of"
        " them compare what it should?",
        {f"{VERDICT}\n": "True\n"},
        {f"{VERDICT}\n": VERDICT.replace("and", "or") + "\n"},
    ),
    Mistake(
        "everything refused",
        "Your judge refuses correct losses, too. A numerical derivative is not exact: take a small"
        " step such as h = 1e-5, and allow a small error. Do you differentiate at a copy of θ? The"
        " actor's own array changes with every step.",
        {f"{VERDICT}\n": "False\n"},
        {GRADIENT: "np.all(grad_theta == expected)"},
        {GRADIENT: "np.allclose(grad_theta, expected, 1e-13, 1e-13)"},
        {GRADIENT: "np.array_equal(grad_theta, expected)"},
        {"actor.theta.copy(), critic.theta.copy()": "actor.theta, critic.theta"},
        {"actor.theta.copy(), critic.theta.copy()": "actor.theta, critic.theta.copy()"},
    ),
    Mistake(
        "θ^μ not put back",
        "Your verdicts are right, but your measurement leaves the actor changed. At the end, write"
        " actor.theta[:] = theta with the copy.",
        {PUT_BACK: "    verdict"},
    ),
)
