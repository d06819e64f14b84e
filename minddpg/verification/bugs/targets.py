"""Bugs of the targets and of the optimiser."""

from ...ddpg.agent import DDPG
from ...ddpg.networks import Critic, Network
from ...nn.adam import Adam
from .bug import NORM, Bug
from .edits import edit

BUGS = {
    "polyak-reversed": Bug(
        "θ' ← (1 − τ) θ + τ θ': the target jumps to the network and keeps only τ of itself.",
        edit(Network.follow, "online.theta, tau", "online.theta, 1 - tau"),
        edit(Network.follow, "online.statistics, tau", "online.statistics, 1 - tau"),
    ),
    "target-shared": Bug(
        "The target is the network itself, not a copy, and each Polyak step shrinks it.",
        edit(DDPG.__init__, "copy.deepcopy(self.actor)", "self.actor"),
        edit(DDPG.__init__, "copy.deepcopy(self.critic)", "self.critic"),
    ),
    "targets-apart": Bug(
        "The targets start from other random numbers, not as copies of their networks.",
        edit(
            DDPG.__init__,
            "self.target_actor = copy.deepcopy(self.actor)",
            "(other,) = self.exploration_rng.spawn(1)",
            "self.target_actor = Actor(obs_dim, self.action_dim, config, other)",
        ),
        edit(
            DDPG.__init__,
            "copy.deepcopy(self.critic)",
            "Critic(obs_dim, self.action_dim, config, other)",
        ),
        source="github.com/mimoralea/gdrl, pull request 14",
    ),
    "target-online": Bug(
        "y is computed with the learning networks. The target networks are not used.",
        edit(DDPG.td_target, "self.target_actor", "self.actor"),
        edit(DDPG.td_target, "self.target_critic", "self.critic"),
    ),
    "target-actor-frozen": Bug(
        "The target actor is never updated.",
        edit(DDPG.update, "self.target_actor.follow(self.actor, self.config.tau)"),
        source="github.com/kakaoenterprise/JORLDY, issue 120",
    ),
    "target-statistics": Bug(
        "The targets follow in θ alone. Their batch norms keep the initial statistics.",
        edit(Network.follow, "if self.config.batch_norm:"),
        edit(Network.follow, "polyak_update(self.statistics, online.statistics, tau)"),
        source="github.com/DLR-RM/stable-baselines3, issue 996 (in DQN)",
        settings=NORM,
    ),
    "target-in-training-mode": Bug(
        "The targets' batch norms use the minibatch's statistics, so each y depends on all rows.",
        edit(DDPG.td_target, "(batch.next_obs)", "(batch.next_obs, training=True)"),
        edit(
            DDPG.td_target,
            "(batch.next_obs, next_action)",
            "(batch.next_obs, next_action, training=True)",
        ),
        source="github.com/DLR-RM/stable-baselines3, pull request 553",
        settings=NORM,
    ),
    "mask-missing": Bug(
        "y bootstraps even where the episode has terminated.",
        edit(DDPG.td_target, "np.where(batch.terminated, 0, next_q)", "next_q"),
    ),
    "mask-flipped": Bug(
        "y bootstraps only where the episode has terminated. Elsewhere it is the reward alone.",
        edit(DDPG.td_target, "0, next_q", "next_q, 0"),
    ),
    "discount-missing": Bug(
        "y = r + Q', without γ, so nothing keeps the values bounded.",
        edit(DDPG.td_target, "self.config.discount * "),
    ),
    "rates-swapped": Bug(
        "The actor learns at the critic's rate, and the critic at the actor's.",
        edit(
            DDPG.update,
            "self.critic_optimizer.step(critic_grad)",
            "actor, critic = self.actor_optimizer, self.critic_optimizer",
            "actor.learning_rate, critic.learning_rate = critic.learning_rate, actor.learning_rate",
            "self.critic_optimizer.step(critic_grad)",
        ),
        edit(
            DDPG.update,
            "self.actor_optimizer.step(actor_grad)",
            "self.actor_optimizer.step(actor_grad)",
            "actor.learning_rate, critic.learning_rate = critic.learning_rate, actor.learning_rate",
        ),
        settings={"actor_learning_rate": 1e-4, "critic_learning_rate": 1e-3},  # the paper's
    ),
    "adam-uncorrected": Bug(
        "Adam's averages are not corrected for their start at zero.",
        edit(Adam.step, "math.sqrt(1 - self.beta2**self.steps)", "1"),
        edit(Adam.step, " / (1 - self.beta1**self.steps)"),
    ),
    "decay-on-biases": Bug(
        "Weight decay acts on every parameter of the critic, also on its biases.",
        edit(
            Critic.weight_mask,
            "np.concatenate((self.trunk.weight_mask(), self.head.weight_mask()))",
            "np.ones(self.theta.shape, bool)",
        ),
        source="github.com/udacity/deep-reinforcement-learning, ddpg-bipedal/ddpg_agent.py",
        settings={"critic_weight_decay": 0.01},  # the paper's
    ),
}
