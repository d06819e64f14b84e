"""Suggest names for mistyped ones, and for the names that other libraries use.

The names are those of Stable-Baselines3, RL Zoo, CleanRL, Spinning Up and TD3's authors. They are
only suggested, because another library may define a setting differently.
"""

import difflib
import re
from collections.abc import Collection, Mapping, Sequence

# Our option: what others call it. It is suggested only if the command has the first one named.
OTHER_OPTIONS: dict[str, str] = {
    "--discount": "--gamma",
    "--actor-learning-rate and --critic-learning-rate": "--lr --learning-rate",
    "--actor-learning-rate": "--pi-lr --actor-lr --policy-lr --lr-actor",
    "--critic-learning-rate": "--q-lr --critic-lr --qf-lr --lr-critic",
    "--steps": (
        "--total-timesteps --timesteps --n-timesteps --num-timesteps --max-timesteps --total-steps"
        " --max-steps -n"
    ),
    "--steps, of the whole run": (
        "--epochs --steps-per-epoch --episodes --n-episodes --num-episodes"
    ),
    "--warmup-steps": "--learning-starts --start-steps --start-timesteps --update-after",
    "--replay-capacity": "--buffer-size --buffer --replay-size --memory-size",
    "--tau": "--soft-update --target-update",
    "--tau, which is 1 − polyak": "--polyak",
    "--env-id, or name it first, as in `minddpg train Pendulum-v1`": "--env --environment",
    "--noise-scale": "--sigma --act-noise --exploration-noise --expl-noise --noise-std",
    "--noise, with its --noise-scale": "--action-noise --noise-type",
    "--ou-theta": "--theta",
    "--hidden-sizes": "--net-arch --hid --hidden-dim --hidden-size --layers -l",
    "--batch-size": "--batch",
    "--critic-weight-decay": "--weight-decay",
    "--normalize-obs": "--norm-obs --normalize",
    "--eval-every": "--eval-freq --eval-interval",
    "--eval-episodes": "--n-eval-episodes",
    "--episodes": "--n-eval-episodes --n-episodes --num-episodes",
    "--log-every, which counts steps": "--log-interval --log-freq",
    "--checkpoint-every": "--save-freq --save-interval",
    "--run-dir": "--exp-name --log-folder --logdir --log-dir --output-dir --save-dir -f",
    "--dir": "--output-dir --save-dir",
    "--policy best": "--load-best --best --best-policy --best-model",
    "--seed": "-s",
    "--seeds": "--n-seeds --num-seeds",
    "--first-seed, or --seeds for their number": "--seed -s",
    "--jobs": "--n-jobs --workers --num-workers -j",
    "--out": "--output -o",
    "--gif": "--output -o --video",
    "--overwrite": "--force -y",
    "--quiet": "--silent --no-progress -q",
}
# Why an option does not exist: what others call it.
ABSENT: dict[str, str] = {
    "NumPy computes on the processor": "--device --cuda --gpu",
    "nothing is sent anywhere; minddpg.train(..., on_row=f) calls f with each row of the log": (
        "--track --wandb --wandb-project-name --wandb-entity --tensorboard --tensorboard-log"
    ),
    "`minddpg watch RUN` records a trained policy": "--capture-video --render --render-mode",
    "`minddpg resume RUN` continues a run": "--resume --trained-agent --load-model -i",
    "the algorithm is DDPG": "--algo",
    "it is a setting of TD3; DDPG has no such noise": "--policy-noise --noise-clip",
    "scale the rewards in the environment, by Gymnasium's wrapper TransformReward": (
        "--reward-scale"
    ),
    "a run has one environment": "--n-envs --num-envs",
    "each step has one update": (
        "--train-freq --gradient-steps --update-every --policy-frequency --policy-freq"
    ),
    "the environment sets its time limit, as max_episode_steps": "--max-ep-len --max-episode-steps",
    "a saved policy acts without noise": "--deterministic --stochastic",
    "every run can be repeated to the last bit": "--torch-deterministic",
    "every run saves its policies": "--save-model --no-save",
    "progress is shown by default": "--verbose -v",
    "NumPy uses one thread, unless OPENBLAS_NUM_THREADS is larger": "--num-threads",
}
# Our command: what others, or a newcomer, may call it.
OTHER_COMMANDS: dict[str, str] = {
    "train": "learn run fit",
    "resume": "continue restart",
    "evaluate": "eval score",
    "watch": "enjoy render record play video gif",
    "plot": "plots draw curve",
    "study": "experiment studies sweep",
    "check": "gradcheck verify test",
    "bench": "benchmark speed",
}
MOST = 4  # suggestions


def nearest(name: str, known: Collection[str]) -> list[str]:
    """Return the known names nearest to a mistyped or shortened one, the likeliest first."""
    bare = {each.lstrip("-"): each for each in known}  # with --, all names would look alike
    word = name.lower().replace("_", "-").lstrip("-")
    if word in bare:
        return [bare[word]]
    begun = [each for each in bare if word and each.startswith(word)]
    near = difflib.get_close_matches(word, bare, MOST)
    return [bare[each] for each in dict.fromkeys([*begun, *near])][:MOST]


def did_you_mean(name: str, known: Collection[str]) -> str:
    """Return a question with the nearest names, "" if none is near."""
    near = nearest(name, known)
    return f"did you mean {any_of(near)}?" if near else ""


def any_of(names: Sequence[str]) -> str:
    """Join names as in a sentence: "a, b or c"."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


def unknown_choice(value: str, known: Collection[str]) -> str:
    """Return the message for an unknown value, with the nearest known ones, or with all of them."""
    near = did_you_mean(value, known) if len(known) > MOST else ""
    return f"{value!r} is unknown; {near or 'choose from ' + ', '.join(known)}"


def unknown_command(word: str, known: Collection[str]) -> str:
    """Return the message for an unknown command, with the nearest known one."""
    ours = _ours(word.lower(), OTHER_COMMANDS)
    if about := about_the_program(word):
        hint = about
    elif ours:
        hint = f"use {ours[0]}"
    elif re.search(r"-v\d+$", word):
        hint = f"an environment comes after a command: minddpg train {word}"
    else:
        hint = did_you_mean(word, known) or f"the commands are {', '.join(known)}"
    return f"{word}: unknown command; {hint}"


def unknown_option(name: str, command: str, options: Mapping[str, Collection[str]]) -> str:
    """Return the message for an unknown option, with the nearest known one.

    Args:
        options: those of each command, by its name.
    """
    word = name.lower().replace("_", "-")
    word = f"-{word}" if re.match(r"-\w\w", word) else word  # as in -lr
    ours = {each: re.split("[,; ]", each)[0] for each in _ours(word, OTHER_OPTIONS)}
    here = [each for each, first in ours.items() if first in options[command]]
    why = _ours(word, ABSENT)
    first = next(iter(ours.values()), word)
    owners = [each for each in options if first in options[each]]
    if about := about_the_program(name, command):
        hint = about
    elif here:
        hint = f"use {here[0]}"
    elif why:
        hint = why[0]
    elif owners and command not in owners:
        if command == "resume" and word in options["train"]:
            first, owners = word, ["train"]
        hint = f"{'it' if first == word else first} is an option of {any_of(owners)}"
        hint += "; a resumed run keeps its settings" * (command == "resume" and owners == ["train"])
    else:
        hint = did_you_mean(word, options[command]) or f"minddpg {command} --help lists all"
    return f"{name}: unknown option; {hint}"


def about_the_program(word: str, command: str = "COMMAND") -> str:
    """Return how to ask for the version or for help, if this word asks for one of them; else ""."""
    bare = word.lstrip("-").lower()
    if bare == "version" or word == "-V":
        return "write minddpg --version"
    return f"write minddpg {command} --help" if bare in ("help", "h", "?") else ""


def _ours(theirs: str, table: Mapping[str, str]) -> list[str]:
    return [ours for ours, names in table.items() if theirs in names.split()]
