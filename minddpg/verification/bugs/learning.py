"""Bugs of the networks and the two losses."""

from ...ddpg.agent import DDPG
from ...ddpg.networks import Actor, Critic
from ...nn.layers import Linear, ReLU, Tanh
from .bug import Bug
from .edits import edit

BUGS = {
    "actor-sign": Bug(
        "The actor descends Q instead of climbing it: its gradient lacks the minus of −Q.",
        edit(DDPG.actor_loss, "-dq_da / len(obs)", "dq_da / len(obs)"),
    ),
    "actor-summed": Bug(
        "The actor's gradient is summed over the batch, not averaged. Adam hides the factor.",
        edit(DDPG.actor_loss, "-dq_da / len(obs)", "-dq_da"),
        source="github.com/IntelLabs/coach, pull request 344",
    ),
    "actor-averaged-twice": Bug(
        "The actor's gradient is divided by N twice. Adam hides that too.",
        edit(DDPG.actor_loss, "-dq_da / len(obs)", "-dq_da / len(obs) ** 2"),
        source="github.com/floodsung/DDPG, issue 2",
    ),
    "replayed-action": Bug(
        "∇a Q is taken at the action in the replay buffer, not at μ(s).",
        edit(DDPG.actor_loss, "self, obs: Array", "self, obs: Array, replayed: Any = None"),
        edit(
            DDPG.actor_loss,
            "dq_da = self.critic.action_gradient(critic_cache)",
            "if replayed is not None:",
            "    _, critic_cache = self.critic.forward(obs, replayed, training=True)",
            "dq_da = self.critic.action_gradient(critic_cache)",
        ),
        edit(DDPG.update, "self.actor_loss(batch.obs)", "self.actor_loss(batch.obs, batch.action)"),
    ),
    "actor-climbs-target": Bug(
        "The actor climbs the target critic Q', which lags behind, instead of Q.",
        edit(DDPG.actor_loss, "self.critic.forward", "self.target_critic.forward"),
        edit(DDPG.actor_loss, "self.critic.action_gradient", "self.target_critic.action_gradient"),
        source="github.com/google-deepmind/acme, issue 192, proposes it (for D4PG)",
    ),
    "actor-moves-critic": Bug(
        "The actor's step also changes the critic, so that Q grows for every action.",
        edit(
            DDPG.actor_loss,
            "grad_action = -dq_da / len(obs)",
            "grad_action = -dq_da / len(obs)",
            "grad_q = -np.ones_like(q) / len(obs)",
            "self.critic_optimizer.step(self.critic.backward(grad_q, critic_cache))",
        ),
    ),
    "actor-tanh-forgotten": Bug(
        "The slope of the actor's tanh is missing from the chain ∇a Q · ∇θ μ.",
        edit(
            Actor.backward,
            "_, grad_theta = self.mlp.backward(grad_action, cache, wrt_x=False)",
            "slope = 1 - cache[-1] ** 2",
            "without_slope = grad_action / (slope + 1e-12)",
            "_, grad_theta = self.mlp.backward(without_slope, cache, wrt_x=False)",
        ),
    ),
    "wrong-slice": Bug(
        "∇a Q is cut from the wrong end of [observation | action]: it is ∂Q/∂s, not ∂Q/∂a.",
        edit(
            Critic.action_gradient,
            "[Linear(weight[-self.action_dim :], bias), *self.head.layers[1:]]",
            "self.head.layers",
        ),
        edit(Critic.action_gradient, "return dq_da", "return dq_da[:, : self.action_dim]"),
    ),
    "broadcast": Bug(
        "Q is a column (N, 1) and y a row (N,): their difference is a table (N, N).",
        edit(
            DDPG.critic_loss,
            "error = q - y",
            "error = q[:, None] - y",
            "grad_q = 2 / len(error) * error.mean(axis=1)",
        ),
        edit(DDPG.critic_loss, "error @ error / len(error)", "(error * error).mean()"),
        edit(DDPG.critic_loss, "2 / len(error) * error, cache", "grad_q, cache"),
        source="github.com/RLinf/RLinf, issue 1568 (in PPO)",
    ),
    "residual-gradient": Bug(
        "The target is not held constant: the gradient flows through y as well.",
        edit(DDPG.critic_loss, "self.critic.backward(2 / len(error) * error, cache)", "grad_theta"),
        edit(
            DDPG.critic_loss,
            "return error @ error",
            "grad_theta = self.critic.backward(2 / len(error) * error, cache)",
            "next_action, _ = self.target_actor.forward(batch.next_obs)",
            "_, cache = self.critic.forward(batch.next_obs, next_action, training=True)",
            "grad_y = -2 / len(error) * error",
            "grad_next_q = self.config.discount * np.where(batch.terminated, 0, grad_y)",
            "grad_theta += self.critic.backward(grad_next_q, cache)",
            "return error @ error",
        ),
    ),
    "bias-averaged": Bug(
        "A layer averages the bias's gradient over the batch instead of summing it.",
        edit(Linear.backward, "grad_z.sum(axis=0)", "grad_z.mean(axis=0)"),
    ),
    "relu-slope-missing": Bug(
        "The backward pass ignores ReLU's slope.", edit(ReLU.backward, "grad_y * slope", "grad_y")
    ),
    "tanh-slope-at-output": Bug(
        "The slope of tanh is taken at its output instead of its input.",
        edit(Tanh.backward, "1 - y * y", "1 - np.tanh(y) ** 2"),
    ),
}
