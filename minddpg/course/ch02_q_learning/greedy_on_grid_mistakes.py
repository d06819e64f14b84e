"""The known mistakes of exercise 02.2, as edits of its solution."""

from ..engine import Mistake

ONE_BY_ONE = """
def greedy_on_grid(q_function, state, points, action_dim):
    along = np.linspace(-1, 1, points)
    best, calls = {start}, 0
    for i in range(action_dim):
        values = []
        for x in along:
            action = {others}
            action[i] = x
            values.append(q_function(state, action))
            calls += 1
        best[i] = along[np.argmax(values)]
    return best, calls
"""

MISTAKES = (
    Mistake(
        "argmin instead of argmax",
        "That is the worst action of the grid.",
        {"-np.inf": "np.inf", "value > highest": "value < highest"},
    ),
    Mistake(
        "only the diagonal of the grid",
        "You tried only actions whose entries are all equal. Combine every value of one entry with"
        " every value of the others.",
        {
            "for index in np.ndindex(*[points] * action_dim)": "for x in along",
            "along[list(index)]": "np.full(action_dim, x)",
        },
    ),
    Mistake(
        "one dimension at a time",
        "points × A calls are not enough. The best first entry depends on the second: try every"
        " combination.",
        *(
            ONE_BY_ONE.format(start=start, others=others)
            for start in ("np.zeros(action_dim)", "-np.ones(action_dim)")
            for others in ("best.copy()", start)
        ),
    ),
    Mistake(
        "grid without its ends",
        "−1 and 1 are points of the grid, and the best action may be there.",
        {"np.linspace(-1, 1, points)": "np.linspace(-1, 1, points + 2)[1:-1]"},
        {"np.linspace(-1, 1, points)": "np.linspace(-1, 1, points, endpoint=False)"},
        {
            "np.linspace(-1, 1, points)": "np.linspace(-1, 1, points)[:-1]",
            "[points]": "[len(along)]",
        },
        {
            "np.linspace(-1, 1, points)": "np.linspace(-1, 1, points)[1:]",
            "[points]": "[len(along)]",
        },
        {
            "np.linspace(-1, 1, points)": "np.linspace(-1, 1, points)[1:-1]",
            "[points]": "[len(along)]",
        },
        {"np.linspace(-1, 1, points)": "2 * (np.arange(points) + 0.5) / points - 1"},
    ),
    Mistake(
        "grid from 0 to 1",
        "Actions range from −1 to 1: you did not try half of them.",
        {"linspace(-1, 1": "linspace(0, 1"},
    ),
    Mistake(
        "value instead of the action",
        "That is max Q. Return the action at which Q is that large.",
        {"return best": "return highest"},
    ),
    Mistake(
        "index instead of the action",
        "That says where in the grid the best action is. Return the action itself.",
        {"highest = action, value": "highest = index, value"},
        {"highest = action, value": "highest = calls - 1, value"},
    ),
    Mistake(
        "one point too many",
        "`points` values from −1 to 1 have `points − 1` steps between them. np.linspace counts the"
        " values, not the steps.",
        {
            "np.linspace(-1, 1, points)": "np.linspace(-1, 1, points + 1)",
            "[points]": "[points + 1]",
        },
    ),
    Mistake(
        "combinations instead of all actions",
        "You tried each set of values in one order only. (−1, 1) and (1, −1) are two actions.",
        {
            "np.ndindex(*[points] * action_dim)": (
                "[i for i in np.ndindex(*[points] * action_dim) if list(i) == sorted(i)]"
            )
        },
        {
            "np.ndindex(*[points] * action_dim)": (
                "[i for i in np.ndindex(*[points] * action_dim) if len(set(i)) == action_dim]"
            )
        },
        {
            "np.ndindex(*[points] * action_dim)": (
                "[i for i in np.ndindex(*[points] * action_dim) if list(i) == sorted(set(i))]"
            )
        },
    ),
    Mistake(
        "first action instead of the best",
        "You return the first action that you try. Return after the loop.",
        {"    return best": "        return best"},
    ),
    Mistake(
        "grid with other ends",
        "Actions range from −1 to 1, whatever the environment's own bounds are.",
        *(
            {"linspace(-1, 1": f"linspace({low}, {high}"}
            for low, high in (
                (-2, 2),
                (-2, 0),
                (-0.5, 0.5),
                (-2, 1),
                (-1, 2),
                (-1, 0),
                (-0.5, 1),
                (-1, 0.5),
            )
        ),
    ),
    Mistake(
        "points * A instead of points ** A",
        "Every value of one entry is combined with every value of the others, so the numbers"
        " multiply.",
        {"return best, calls": "return best, points * action_dim"},
    ),
    Mistake(
        "points instead of points ** A",
        "That is the number of values of one entry. Count the calls of Q.",
        {"return best, calls": "return best, points"},
    ),
    Mistake(
        "only the improvements counted",
        "You count the actions that were better than those before. Count every call of Q.",
        {
            "        calls += 1\n": "",
            "value\n    return": "value\n            calls += 1\n    return",
        },
    ),
    Mistake(
        "calls counted with = instead of +=",
        "Your counter says 1 after every call. Add 1 each time.",
        {"calls += 1": "calls = 1"},
    ),
    Mistake(
        "calls not counted",
        "You return 0 calls. Add 1 whenever you call Q.",
        {"        calls += 1\n": ""},
    ),
    Mistake(
        "counting off by one",
        "The number of calls is one too large or too small: begin with 0, and add 1 for each call.",
        {"-np.inf, 0": "-np.inf, 1"},
        {"-np.inf, 0": "-np.inf, -1"},
    ),
    Mistake(
        "one action left out",
        "The grid has points ** A actions; your loop skips the first or the last of them.",
        {"np.ndindex(*[points] * action_dim)": "list(np.ndindex(*[points] * action_dim))[1:]"},
        {"np.ndindex(*[points] * action_dim)": "list(np.ndindex(*[points] * action_dim))[:-1]"},
    ),
    Mistake(
        "fractions cut off",
        "Your action is made of whole numbers, but most values of the grid are fractions.",
        {"return best": "return best.astype(int)"},
        {"along[list(index)]": "along[list(index)].astype(int)"},
    ),
    Mistake(
        "A ** points instead of points ** A",
        "Each further entry multiplies the number of actions by `points`.",
        {"return best, calls": "return best, action_dim**points"},
    ),
    Mistake(
        "two calls for each action",
        "You call Q twice as often as needed. Keep the value that it returned.",
        {"if value": "if q_function(state, action)"},
        {"if value": "if q_function(state, action)", "calls += 1": "calls += 2"},
        {"calls += 1": "calls += 2"},
    ),
    Mistake(
        "calls that are not counted",
        "Whenever an action is better, you call Q for it a second time. Keep the value that it"
        " returned.",
        {"action, value": "action, q_function(state, action)"},
    ),
    Mistake(
        "last action instead of the best",
        "You return the last action of the grid, whatever its value. Update `highest` together with"
        " `best`. If you write all actions into one array, `best` must be a copy.",
        {
            "    for index": "    action = np.zeros(action_dim)\n    for index",
            "action = along": "action[:] = along",
        },
        {"best, highest = action, value": "best = action"},
    ),
    Mistake(
        "nothing below zero is ever best",
        "Where all values are low, no action is found: your search begins with a highest value"
        " that is too high. Begin with −∞.",
        {"None, -np.inf": "np.zeros(action_dim), 0.0"},
        {"-np.inf": "0.0"},
    ),
    Mistake(
        "first action instead of the best",
        "You return the first action of the grid. Replace it whenever another one has a higher"
        " value.",
        {"value > highest": "best is None"},
    ),
    Mistake(
        "value compared with 0",
        "Compare each value with the highest one so far.",
        {"value > highest": "best is None or value > 0"},
    ),
    Mistake(
        "largest absolute value instead of the best",
        "A value far below 0 is bad, not good: compare the values as they are.",
        {"value > highest": "best is None or abs(value) > abs(highest)"},
    ),
    Mistake(
        "best action not kept",
        "best is still None at the end. Whenever a value is the highest so far, keep its action as"
        " well.",
        {"best, highest = action, value": "highest = value"},
    ),
    Mistake(
        "entries counted instead of calls",
        "Each call of Q counts as one, however many entries its action has.",
        {"calls += 1": "calls += action_dim"},
    ),
    Mistake(
        "value instead of the number of calls",
        "The second result is how often you called Q.",
        {"return best, calls": "return best, highest"},
    ),
    Mistake(
        "rounded",
        "Return the action of the grid with all its digits.",
        *({"return best": f"return best.round({digits})"} for digits in (1, 2, 3, 4)),
    ),
    Mistake(
        "axes of the grid mixed up",
        "reshape keeps the order of the numbers and moves no axes, so your rows are not the actions"
        " of the grid. Stack the meshes along the last axis, axis=-1.",
        *(
            {
                "for index in np.ndindex(*[points] * action_dim)": (
                    "for action in np.array(np.meshgrid(*[along] * action_dim"
                    f"{order})).reshape(-1, action_dim)"
                ),
                "        action = along[list(index)]\n": "",
            }
            for order in ("", ", indexing='ij'")
        ),
    ),
    Mistake(
        "points * A instead of points ** A",
        "Every value of one entry is combined with every value of the others, so the numbers"
        " multiply. You tried only points × A actions.",
        *(
            {
                "np.ndindex(*[points] * action_dim)": (
                    "list(np.ndindex(*[points] * action_dim))[: points * action_dim]"
                ),
                "list(index)": order,
            }
            for order in ("list(index)", "list(index)[::-1]")
        ),
    ),
    Mistake(
        "^ instead of **",
        "In Python, ^ combines the bits of two numbers. A power is written **.",
        {"return best, calls": "return best, points ^ action_dim"},
        *(
            {
                "np.ndindex(*[points] * action_dim)": (
                    "list(np.ndindex(*[points] * action_dim))[: points ^ action_dim]"
                ),
                "list(index)": order,
            }
            for order in ("list(index)", "list(index)[::-1]")
        ),
    ),
    Mistake(
        "indices tried as actions",
        "An index counts from 0 to points − 1. The entries of an action run from −1 to 1.",
        {"along[list(index)]": "np.array(index, float)"},
    ),
)
