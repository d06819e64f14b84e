"""Bugs of actions, noise, environment and loop."""

from ...ddpg.actions import ActionBox
from ...ddpg.agent import DDPG
from ...ddpg.networks import Actor, Critic
from ...ddpg.noise import GaussianNoise, OrnsteinUhlenbeckNoise
from ...training.checkpoint import State
from ...training.environment import Environment
from ...training.evaluation import run_episode
from .bug import NORM, Bug
from .edits import edit

OU = {"noise": "ou", "noise_scale": 0.2}

BUGS = {
    "action-scale": Bug(
        "The action scale is forgotten: the environment gets actions in [−1, 1].",
        edit(
            ActionBox.to_env, "action = 0.5 * ((1 - action) * self.low + (1 + action) * self.high)"
        ),
    ),
    "first-bound": Bug(
        "Every dimension gets the bounds −high[0] and high[0].",
        edit(
            ActionBox.to_env,
            "0.5 * ((1 - action) * self.low + (1 + action) * self.high)",
            "self.high[0] * action",
        ),
        edit(
            ActionBox.to_env,
            "np.minimum(np.maximum(action, self.low), self.high)",
            "np.minimum(np.maximum(action, -self.high[0]), self.high[0])",
        ),
        source="github.com/openai/spinningup, issue 125",
    ),
    "not-clipped": Bug(
        "Noisy actions are not clipped, so the buffer and the critic get some outside [−1, 1].",
        edit(DDPG.act, "# faster than np.clip on arrays as small as an action"),
        edit(DDPG.act, "np.minimum(np.maximum(action + noise, -1), 1)", "(action + noise)"),
    ),
    "ou-uniform": Bug(
        "Ornstein–Uhlenbeck noise is made from uniform numbers in [0, 1), so it drifts upwards.",
        edit(
            OrnsteinUhlenbeckNoise.sample,
            "self.rng.standard_normal(self.state.shape)",
            "self.rng.uniform(size=self.state.shape)",
        ),
        source="github.com/udacity/deep-reinforcement-learning, ddpg-pendulum/ddpg_agent.py",
        settings=OU,
    ),
    "noise-one-sided": Bug(
        "The noise is never negative, so it pushes every action towards its upper bound.",
        edit(
            GaussianNoise.sample,
            "self.rng.standard_normal(self.action_dim)",
            "np.abs(self.rng.standard_normal(self.action_dim))",
        ),
        source="github.com/kcg2015/DDPG_numpy_only, ddpg_numpy.py",
    ),
    "noise-never-reset": Bug(
        "The noise is not reset when an episode ends. It continues in the next one.",
        edit(OrnsteinUhlenbeckNoise.reset, "self.state = np.zeros_like(self.state)"),
        settings=OU,
    ),
    "no-warm-up": Bug(
        "The untrained policy fills the memory. Updates begin with the first full minibatch.",
        edit(State.is_warming_up, "self.step <= self.agent.config.warmup_steps", "False"),
        source="github.com/rlworkgroup/garage, pull request 1981",
    ),
    "truncated-as-terminated": Bug(
        "The time limit is treated as termination: y does not bootstrap at the last step.",
        edit(
            Environment.step,
            'as_flag("terminated", terminated)',
            'as_flag("terminated", terminated) or as_flag("truncated", truncated)',
        ),
        source="github.com/openai/baselines, issue 436",
    ),
    "reset-stored": Bug(
        "An episode's last transition leads to the first observation of the next one.",
        edit(
            Environment.step,
            "obs, reward, terminated, truncated, _ = outcome",
            "obs, reward, terminated, truncated, _ = outcome",
            "if terminated or truncated:",
            "    obs, _ = self.env.reset()",
        ),
        source="github.com/hill-a/stable-baselines, issue 769",
    ),
    "one-start": Bug(
        "Every training episode is reset with the same seed, so there is only one start state.",
        edit(State.begin_episode, "_draw_seed(self.env_rng)", "self.eval_seed % 1_000"),
    ),
    "noisy-evaluation": Bug(
        "The exploration noise stays on while the policy is evaluated.",
        edit(run_episode, "deterministic=True", "deterministic=False"),
    ),
    "batch-norm-acting": Bug(
        "While training, batch norm uses its running statistics instead of the minibatch's.",
        edit(Actor.forward, "self.mlp.forward(obs, training)", "self.mlp.forward(obs)"),
        edit(Critic.forward, "self.trunk.forward(obs, training)", "self.trunk.forward(obs)"),
        settings=NORM,
    ),
}
