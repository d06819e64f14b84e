/* The five guided experiments: what each asks, what it sets, and what was seen when it was tried. */

export const EXPERIMENTS = [
  {
    name: "see-it-learn",
    title: "See it learn",
    question:
      "The motor is too weak to lift the rod in one go. Nobody tells the actor that it must swing " +
      "first: it hears only the slope of Q. What will change first, the colours of Q or the orange line?",
    action: "Train with seed 0",
    reveal: 4000,
    answer: [
      "The colours. For 1,000 steps all torques are random, and the replay buffer fills. Then the critic " +
        "learns, and its slopes push the orange line after it: away from hanging, push the way the rod " +
        "already moves.",
      "Of five seeds that we tried, all swung the rod up: one after 2,000 steps, one only after 3,500. " +
        "In between the return may fall again for a while.",
    ],
    links: [
      ["Chapter 00: a first tour", "../course/00_tour.html"],
      ["Chapter 10: your DDPG", "../course/10_your_ddpg.html"],
    ],
  },
  {
    name: "flip-the-sign",
    title: "Flip the sign",
    question:
      "The actor’s loss is −Q. After 3,000 steps, when the pendulum swings up, we delete that minus. " +
      "The critic’s code stays correct. What happens to the orange line, and to Q?",
    action: "Train, then flip it at step 3,000",
    later: { step: 3000, bug: "actor-sign" },
    open: ["code"],
    reveal: 4000,
    answer: [
      "The actor now walks downhill. The orange line leaves the ridge of Q and runs against the arrows, " +
        "until tanh stops it at ±2 N m. Within a few hundred steps the pendulum is lost.",
      "The critic is not wrong: it learns, correctly, how little this policy earns. Remove the bug, " +
        "and the same networks find their way back.",
    ],
    links: [
      ["Chapter 06: the policy gradient", "../course/06_policy_gradient.html"],
      ["The bug zoo", "../bug-zoo.html#the-bugs"],
    ],
  },
  {
    name: "tau-1",
    title: "τ = 1",
    settings: { tau: 1 },
    question:
      "The targets follow the networks slowly, by τ = 2 % at each update. With τ = 1 they are copies, " +
      "as if there were none. Should learning not be faster, with targets that are always up to date?",
    action: "Train with τ = 1",
    open: ["promise"],
    reveal: 5000,
    answer: [
      "The critic now chases itself: each step of Q moves its own target y as well. Promised returns " +
        "run away, far from what is earned, and the actor climbs slopes that mean nothing.",
      "After 6,000 steps none of five seeds had swung the rod up; with τ = 0.02 all had by then. How " +
        "wildly Q strays differs between seeds. Move τ back to 0.02 in the run, and it recovers.",
    ],
    links: [["Chapter 08: target networks", "../course/08_targets.html"]],
  },
  {
    name: "no-exploration",
    title: "No exploration",
    settings: { noise_scale: 0 },
    question:
      "Exploration noise is added to each torque of the training. We turn it off. An actor that never " +
      "tries anything else: can it still learn to swing up?",
    action: "Train without noise",
    reveal: 4000,
    answer: [
      "It can, here: all five seeds that we tried learned it as well as with noise, and about as fast. " +
        "The 1,000 random steps at the start have seen most of this small world, and a policy that " +
        "changes at every update explores by changing.",
      "Do not conclude that noise is useless. Where random torques do not reach what is good, nothing " +
        "else will find it.",
    ],
    links: [["Chapter 09: exploration", "../course/09_exploration.html"]],
  },
  {
    name: "actor-too-fast",
    title: "Actor too fast",
    settings: { actor_learning_rate: 0.1 },
    question:
      "We multiply the actor’s learning rate by a hundred. Adam bounds the size of each step, so nothing " +
      "overflows. Where will the orange line end, and why can it not come back?",
    action: "Train with a rate of 0.1",
    open: ["map"],
    reveal: 4000,
    answer: [
      "At the edge: ±2 N m nearly everywhere. The first large steps push tanh into its flat ends. The " +
        "arrows still say where to go, but they pass through tanh’s slope on their way to the weights, " +
        "and there that slope is almost 0.",
      "None of five seeds kept a swing-up; three ended frozen, their return the same in every exam. " +
        "A critic a hundred times too fast does far less harm. Try it.",
    ],
    links: [
      ["Chapter 09: a saturated actor", "../course/09_exploration.html"],
      ["Chapter 06: what ∇a Q passes through", "../course/06_policy_gradient.html"],
    ],
  },
];
