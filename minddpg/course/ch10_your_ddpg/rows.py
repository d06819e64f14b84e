"""Chapter 10, your DDPG: the agent's mistakes by name."""

from ..engine.exercise import Row
from .mistakes import (
    NotCopied,
    SharedTargets,
    SharedUntilFollowed,
    SwappedRates,
    TargetsTheSame,
    actor_first,
    but,
    critic_alone,
    follow_first,
    moving_critic,
    no_correction,
    one_count,
    online_target,
    polyak_reversed,
    residual,
    rooted,
    scaled,
    table,
    unsquashed,
)
from .one_page import forward

HIDDEN_BY_ADAM = "Adam hides a factor, until gradients come near its ε."
ROWS = (
    Row(
        "sign flipped",
        (but(into_actor=lambda self, g, a: g / len(a) * (1 - a**2)),),
        "The actor descends Q. Its loss is −Q: climb.",
    ),
    Row("factor N", (but(into_actor=lambda self, g, a: -g * (1 - a**2)),), HIDDEN_BY_ADAM),
    Row(
        "factor 1/N",
        (but(into_actor=lambda self, g, a: -g / len(a) ** 2 * (1 - a**2)),),
        HIDDEN_BY_ADAM,
    ),
    Row(
        "factor 1/2 in the critic's gradient",
        (but(critic_gradient=lambda s, b, y: scaled(s, b, y, 0.5)),),
        "The square's 2 is missing. " + HIDDEN_BY_ADAM,
    ),
    Row(
        "factor 2 in the critic's gradient",
        (but(critic_gradient=lambda s, b, y: scaled(s, b, y, 2)),),
        HIDDEN_BY_ADAM,
    ),
    Row("slope missing", (but(into_actor=lambda self, g, a: -g / len(a)),)),
    Row(
        "gradient at the replayed action",
        (but(looked_at=lambda self, batch, action: batch.action),),
        "∇a Q is taken at the action in the buffer. Take it at μ(s).",
    ),
    Row(
        "slice of the wrong input",
        (but(of_action=lambda self, dq_dx, action_dim: dq_dx[:, :action_dim]),),
        "∂Q/∂s goes for ∂Q/∂a: the action's columns come last.",
    ),
    Row(
        "the actor's step moves the critic",
        (but(actor_gradient=moving_critic),),
        "The gradient passes through the critic, and should leave its θ alone.",
    ),
    Row(
        "actor before critic", (but(update=actor_first),), "Algorithm 1 improves the critic first."
    ),
    Row(
        "mask flipped",
        (
            but(
                bootstrap=lambda s, b, q: b.reward[:, None] + s.discount * b.terminated[:, None] * q
            ),
        ),
        "y bootstraps where the episode has ended, and nowhere else.",
    ),
    Row("(B, B) broadcast", (but(critic_gradient=table),)),
    Row(
        "terminated ignored",
        (but(bootstrap=lambda s, b, q: b.reward[:, None] + s.discount * q),),
        "y bootstraps past the end.",
    ),
    Row(
        "discount missing",
        (but(bootstrap=lambda s, b, q: b.reward[:, None] + (1 - b.terminated[:, None]) * q),),
        "γ is not in y.",
    ),
    Row("target networks not asked", (but(target=online_target),), "y needs μ' and Q'."),
    Row(
        "target not held constant",
        (but(critic_gradient=residual),),
        "The gradient flows through y as well. y is a number.",
    ),
    Row("no bias correction", (but(step_of=no_correction),), "Adam's averages start at zero."),
    Row("learning rates swapped", (SwappedRates,), "Each network moves at the other's rate."),
    Row("Polyak reversed", (but(follow=polyak_reversed),), "The target keeps only τ of itself."),
    Row(
        "target actor not updated",
        (but(follow=critic_alone),),
        "Both targets follow their networks.",
    ),
    Row("aliasing", (SharedTargets,), "The targets are the networks themselves. Copy the arrays."),
    Row(
        "aliasing",
        (TargetsTheSame,),
        "The targets are always equal to the networks: the same arrays, or τ was taken for 1.",
    ),
    Row(
        "aliasing",
        (SharedUntilFollowed,),
        "The targets are new lists of the same arrays, until they first follow. Copy the arrays.",
    ),
    Row(
        "no copy",
        (NotCopied,),
        "The networks are the very arrays that you were given, and whoever gave them sees them"
        " change.",
    ),
    Row(
        "one step count for both networks",
        (but(adam=one_count),),
        "Adam's t is the number of steps of this network; yours counts both networks' together.",
    ),
    Row(
        "tanh missing when acting",
        (but(act=lambda self, obs: forward(self.actor, obs)[0]),),
        "The actor ends in tanh, in act too.",
    ),
    Row(
        "targets follow before the update",
        (but(update=follow_first),),
        "In algorithm 1 the targets follow at the end of an update.",
    ),
    Row(
        "targets never follow",
        (but(follow=lambda self, target, online: None),),
        "θ' has not moved: y would stay that of an untrained network.",
    ),
    Row("tanh missing in the target actor", (but(target=unsquashed),), "μ' ends in tanh too."),
    Row("ε under the root", (but(step_of=rooted),), "ε is added to the root of v̂."),
)
