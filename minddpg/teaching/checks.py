"""Every check of the course: called with what the learner wrote, it says what is wrong with it.

A check takes the functions (or the class) that its exercise asks for, in the order of the stub, and
returns a Verdict: true if it passed, a short block when printed or left at the end of a notebook's
cell. `EXERCISES` maps "04.1" to the exercise itself: its stub, its statement, the mistakes that the
check can name. docs/exercises.md has a table of them all.
"""

from .checking.check import REGISTERED
from .checking.exercise import Exercise
from .checking.hypotheses import MISTAKES
from .checking.verdict import Verdict
from .exercises.c00_shapes import check_batch_shapes
from .exercises.c00_size import check_parameter_count
from .exercises.c01_backups import check_bellman_backup, check_policy_backup
from .exercises.c01_contraction import check_contraction_factor
from .exercises.c01_returns import check_returns
from .exercises.c02_actions import check_greedy_on_grid
from .exercises.c02_exploration import check_epsilon_greedy
from .exercises.c02_td import check_td_update
from .exercises.c03_checker import check_is_right
from .exercises.c03_complex import check_complex_step_gradient
from .exercises.c03_differences import check_numerical_gradient
from .exercises.c03_errors import check_relative_error
from .exercises.c04_layers import check_linear, check_relu, check_tanh
from .exercises.c04_network import check_network
from .exercises.c04_start import check_initial_parameters
from .exercises.c05_adam import check_adam_step
from .exercises.c05_column import check_critic_loss_column
from .exercises.c05_gradients import check_semi_gradient
from .exercises.c05_losses import check_critic_loss
from .exercises.c05_targets import check_td_target
from .exercises.c06_actor import check_actor_loss
from .exercises.c06_critic import check_action_gradient
from .exercises.c06_lqr import check_lqr_value
from .exercises.c06_lqr_gradient import check_lqr_gradient
from .exercises.c07_correlation import check_autocorrelation
from .exercises.c07_replay import check_replay_buffer
from .exercises.c07_sampling import check_sample_rows
from .exercises.c08_copies import check_make_targets
from .exercises.c08_measures import check_half_life, check_q_alarm
from .exercises.c08_polyak import check_polyak_update
from .exercises.c09_bounded import check_bounded
from .exercises.c09_bounds import check_to_env
from .exercises.c09_explore import check_explore
from .exercises.c09_inverse import check_from_env
from .exercises.c09_noise import check_ou_noise
from .exercises.c09_ou import check_ou_statistics
from .exercises.c10_agent import check_my_ddpg
from .exercises.c10_loop import check_train
from .exercises.c10_swing_up import check_swing_up
from .exercises.c11_mysteries import check_diagnose
from .exercises.c11_seeds import check_bootstrap_interval, check_interquartile_mean
from .exercises.c11_tests import check_is_polyak
from .exercises.c12_acting import check_batchnorm_acting
from .exercises.c12_batchnorm import check_batchnorm
from .exercises.c12_schedule import check_td3_updates
from .exercises.c12_score import check_normalised_score
from .exercises.c12_td3 import check_td3_target

EXERCISES = dict(sorted(REGISTERED.items()))

__all__ = [
    "EXERCISES",
    "MISTAKES",
    "Exercise",
    "Verdict",
    "check_action_gradient",
    "check_actor_loss",
    "check_adam_step",
    "check_autocorrelation",
    "check_batch_shapes",
    "check_batchnorm",
    "check_batchnorm_acting",
    "check_bellman_backup",
    "check_bootstrap_interval",
    "check_bounded",
    "check_complex_step_gradient",
    "check_contraction_factor",
    "check_critic_loss",
    "check_critic_loss_column",
    "check_diagnose",
    "check_epsilon_greedy",
    "check_explore",
    "check_from_env",
    "check_greedy_on_grid",
    "check_half_life",
    "check_initial_parameters",
    "check_interquartile_mean",
    "check_is_polyak",
    "check_is_right",
    "check_linear",
    "check_lqr_gradient",
    "check_lqr_value",
    "check_make_targets",
    "check_my_ddpg",
    "check_network",
    "check_normalised_score",
    "check_numerical_gradient",
    "check_ou_noise",
    "check_ou_statistics",
    "check_parameter_count",
    "check_policy_backup",
    "check_polyak_update",
    "check_q_alarm",
    "check_relative_error",
    "check_relu",
    "check_replay_buffer",
    "check_returns",
    "check_sample_rows",
    "check_semi_gradient",
    "check_swing_up",
    "check_tanh",
    "check_td3_target",
    "check_td3_updates",
    "check_td_target",
    "check_td_update",
    "check_to_env",
    "check_train",
]
