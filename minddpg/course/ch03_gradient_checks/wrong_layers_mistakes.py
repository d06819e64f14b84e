"""The known mistakes of exercise 03.5, as edits of its solution."""

from ..engine import Mistake

ALONG = "along = rng.standard_normal(grad.shape)"
DIFFERENCE = "(f(ahead) - f(behind)) / (2 * h)"
SLOPE = "np.sum(grad * along)"
ERROR = f"abs({SLOPE} - numerical)"
WRONG = "not error <= tolerance * abs(numerical)"
LISTS = "ahead, behind = list(parameters), list(parameters)"

MISTAKES = (
    Mistake(
        "right instead of wrong",
        "The list should hold the arrays whose gradients are wrong.",
        {WRONG: "error <= tolerance * abs(numerical)"},
    ),
    Mistake(
        "NaN accepted",
        "Every comparison with NaN is False, so error > tolerance is False, too. Test whether"
        " not error <= tolerance.",
        {WRONG: "error > tolerance * abs(numerical)"},
    ),
    Mistake(
        "flat functions refused",
        "Where f is flat, both slopes are 0, and so is the error: compare with <=, and multiply the"
        " tolerance instead of dividing the error.",
        {WRONG: "not error < tolerance * abs(numerical)"},
        {WRONG: "not error / abs(numerical) <= tolerance"},
    ),
    Mistake(
        "absolute error",
        "Compare the error with tolerance times the size of the numerical slope.",
        {WRONG: "not error <= tolerance"},
        {WRONG: "not error <= tolerance * max(1, abs(numerical))"},
        {WRONG: "not np.isclose(np.sum(grad * along), numerical)"},
    ),
    Mistake(
        "sign of the slope not removed",
        "tolerance * numerical is negative where the slope is: take its absolute value.",
        {WRONG: "not error <= tolerance * numerical"},
    ),
    Mistake(
        "no absolute value",
        "A negative difference is below any tolerance. Take its absolute value.",
        {ERROR: f"{SLOPE} - numerical"},
        {ERROR: f"numerical - {SLOPE}"},
    ),
    Mistake(
        "no absolute value and NaN accepted",
        "Take the absolute value of the difference. And test whether not error <= tolerance: every"
        " comparison with NaN is False.",
        {ERROR: f"{SLOPE} - numerical", WRONG: "error > tolerance * abs(numerical)"},
        {ERROR: f"numerical - {SLOPE}", WRONG: "error > tolerance * abs(numerical)"},
    ),
    Mistake(
        "sign of the slope not removed and NaN accepted",
        "tolerance * numerical is negative where the slope is: take its absolute value. And test"
        " whether not error <= tolerance: every comparison with NaN is False.",
        {WRONG: "error > tolerance * numerical"},
    ),
    Mistake(
        "sizes compared instead of slopes",
        "Two slopes of opposite signs have the same size. Subtract first.",
        {ERROR: f"abs(abs({SLOPE}) - abs(numerical))"},
        {ERROR: "abs(np.abs(grad * along).sum() - numerical)"},
    ),
    Mistake(
        "all arrays moved at once",
        "If all arrays move, the slope is a sum over all of them, and does not say which gradient"
        " is wrong. Move array i alone.",
        {
            LISTS: "directions = [along if j == i else rng.standard_normal(p.shape)"
            " for j, p in enumerate(parameters)]\n"
            "        ahead = [p + h * e for p, e in zip(parameters, directions)]\n"
            "        behind = [p - h * e for p, e in zip(parameters, directions)]"
        },
        """
        def wrong_layers(f, parameters, grads, rng):
            along = [rng.standard_normal(each.shape) for each in parameters]
            ahead = [each + 1e-6 * e for each, e in zip(parameters, along)]
            behind = [each - 1e-6 * e for each, e in zip(parameters, along)]
            numerical = (f(ahead) - f(behind)) / 2e-6
            analytic = sum(np.sum(grad * e) for grad, e in zip(grads, along))
            right = abs(analytic - numerical) <= 1e-6 * abs(numerical)
            return [] if right else list(range(len(grads)))
        """,
        """
        def wrong_layers(f, parameters, grads, rng):
            along = [rng.standard_normal(each.shape) for each in parameters]
            ahead = [each + 1e-6 * e for each, e in zip(parameters, along)]
            behind = [each - 1e-6 * e for each, e in zip(parameters, along)]
            numerical = (f(ahead) - f(behind)) / 2e-6
            errors = [abs(np.sum(grad * e) - numerical) for grad, e in zip(grads, along)]
            return [i for i, error in enumerate(errors) if not error <= 1e-6 * abs(numerical)]
        """,
    ),
    Mistake(
        "arrays moved and not put back",
        "Each array stays moved while the next ones are measured. Begin with a new list each time.",
        {"    wrong = []\n": f"    wrong = []\n    {LISTS}\n", f"        {LISTS}\n": ""},
    ),
    Mistake(
        "direction not random",
        "Along a fixed direction, errors that cancel stay hidden. Draw a new one from rng.",
        {ALONG: "along = np.ones(grad.shape)"},
        {ALONG: "along = np.sign(grad)"},
        {ALONG: "along = grad"},
    ),
    Mistake(
        "entries that do not move on their own",
        "Draw a direction of the array's shape, with a separate random number for each entry. If"
        " several entries share a number, or some numbers are 0, errors stay hidden.",
        {ALONG: "along = np.zeros(grad.shape)\n        along.flat[0] = 1"},
        {ALONG: "along = np.zeros(grad.shape)\n        along.flat[rng.integers(along.size)] = 1"},
        {ALONG: "along = rng.integers(0, 2, grad.shape)"},
        {ALONG: "along = rng.standard_normal()"},
        {ALONG: "along = rng.standard_normal(grad.shape[-1:])"},
    ),
    Mistake(
        "another source of randomness",
        "",
        {ALONG: "along = np.random.default_rng(0).standard_normal(grad.shape)"},
        {ALONG: "along = np.random.default_rng().standard_normal(grad.shape)"},
    ),
    Mistake(
        "two slopes that do not match",
        "Correct gradients are called wrong. Along e, the numerical slope is the difference divided"
        " by (2 * h), in brackets, with h near 1e-6; the gradient's is the sum of g * e over all"
        " entries, with no matrix product.",
        {SLOPE: "np.mean(grad * along)"},
        {SLOPE: "np.linalg.norm(grad * along)"},
        {SLOPE: "np.sum(grad.T @ along)"},
        {SLOPE: "np.sum(grad)"},
        {SLOPE: "np.sum(grad) * np.sum(along)"},
        {SLOPE: "np.linalg.norm(grad)"},
        {"/ (2 * h)": "/ 2 * h"},
        {"/ (2 * h)": "/ h"},
        {"h, tolerance = 1e-6": "h, tolerance = 1e-2"},
        {"h, tolerance = 1e-6": "h, tolerance = 1e-3"},
        {"h, tolerance = 1e-6": "h, tolerance = 1e-10"},
        {"1e-6, 1e-6": "1e-6, 1e-14"},
    ),
    Mistake(
        "forward difference",
        "A step in one direction only is not exact enough. Step in both.",
        {"behind[i] = parameters[i] - h * along": "behind[i] = parameters[i]", "/ (2 * h)": "/ h"},
        {"behind[i] = parameters[i] - h * along": "behind[i] = parameters[i]"},
        {"ahead[i] = parameters[i] + h * along": "ahead[i] = parameters[i]"},
    ),
    Mistake(
        "another tolerance",
        "The tolerance is 1e-6. A wrong gradient was accepted.",
        {"1e-6, 1e-6": "1e-6, 1e-3"},
    ),
    Mistake(
        "only the first one",
        "Several gradients may be wrong. Collect all of them, and return after the loop.",
        {"wrong.append(i)": "return [i]"},
    ),
    Mistake(
        "truth values returned",
        "Return the indices of the wrong ones, such as [1, 4], not a truth value for each.",
        {
            "        if not error": "        wrong.append(not error",
            "abs(numerical):": "abs(numerical))",
            "            wrong.append(i)\n": "",
        },
    ),
    Mistake(
        "an array forgotten",
        "Check the gradient of every array of parameters, of weights and of biases.",
        {"enumerate(grads)": "enumerate(grads[:-1])"},
        {"enumerate(grads)": "list(enumerate(grads))[1:]"},
        {"enumerate(grads)": "list(enumerate(grads))[::2]"},
    ),
    Mistake(
        "returned too early",
        "Your function returns after the first array. Put return after the loop.",
        {"wrong.append(i)\n    return": "wrong.append(i)\n        return"},
    ),
    Mistake(
        "f called twice at one place",
        "Both calls of f got the same numbers, so their difference is 0. list(parameters) copies"
        " the list, not its arrays: make new ones, parameters[i] + h * along. Or h is too small:"
        " below 1e-16, x + h is x.",
        {
            "ahead[i] = parameters[i] + h * along": "ahead[i] = parameters[i]",
            "behind[i] = parameters[i] - h * along": "behind[i] = parameters[i]",
        },
        {LISTS: "ahead = behind = list(parameters)"},
        {"f(ahead) - f(behind)": "f(ahead) - f(ahead)"},
    ),
    Mistake(
        "sign flipped",
        "The numerical slope is f(x + h e) − f(x − h e), in this order.",
        {"f(ahead) - f(behind)": "f(behind) - f(ahead)"},
    ),
    Mistake(
        "one call for each array",
        "The complex step would need only one call, but f need not accept complex arrays. Take a"
        " central difference, with two calls.",
        {
            f"numerical = {DIFFERENCE}": "numerical = np.imag(f(ahead)) / h",
            "+ h * along": "+ 1j * h * along",
        },
    ),
    Mistake(
        "entry by entry",
        "That takes two calls of f for every entry. Move all entries of an array at once, along one"
        " random direction.",
        """
        def wrong_layers(f, parameters, grads, rng):
            wrong = []
            for i, grad in enumerate(grads):
                numerical = np.zeros(grad.shape)
                for index in np.ndindex(grad.shape):
                    ahead = [each.copy() for each in parameters]
                    behind = [each.copy() for each in parameters]
                    ahead[i][index] += 1e-6
                    behind[i][index] -= 1e-6
                    numerical[index] = (f(ahead) - f(behind)) / 2e-6
                error, size = np.linalg.norm(grad - numerical), np.linalg.norm(numerical)
                if not error <= 1e-6 * size:
                    wrong.append(i)
            return wrong
        """,
    ),
)
