/* The six guided experiments: what each asks, which settings it changes, and what was measured.

   The numbers are from seeds 0 to 4 of each, with docs/browser/python/playground.py outside a browser. */
export const EXPERIMENTS = [
  {
    name: "see-it-learn",
    title: "See it learn",
    question:
      "The motor is too weak to lift the rod in one go, and nobody tells the actor to swing first. " +
      "What will change first: the colours of Q, or the orange line?",
    action: "Train with seed 0",
    reveal: 4000,
    answer: [
      "The colours. For 1,000 steps the torques are random and nothing learns. Then the critic gets " +
        "slopes, and they push the orange line towards the bright colours. Soon the motor pushes the way the rod " +
        "already moves.",
      "All five seeds swung up within 4,000 steps, the first after 2,300. On the way the exam may " +
        "fall again.",
    ],
    links: [["Chapter 00: a first tour", "../course/00_tour.html"]],
  },
  {
    name: "flip-the-sign",
    title: "Flip the sign",
    question:
      "The actor’s loss is −Q. Once the pendulum swings up, at step 3,000, we delete the minus in its " +
      "gradient; the critic’s code stays correct. What happens to the orange line?",
    action: "Train, then flip it",
    later: { step: 3000, bug: "actor-sign" },
    opens: "code",
    reveal: 3600,
    answer: [
      "Each update now steps downhill. The line leaves the bright colours and ends at ±2 N m, often at " +
        "one of them for all angles, where tanh stops it. Within 300 steps the swing-up is lost. The " +
        "critic is not wrong: it learns how little this policy earns.",
      "Remove the bug, and watch. Of five seeds, three recovered within 2,500 steps; two " +
        "did not.",
    ],
    links: [
      ["Chapter 06: the policy gradient", "../course/06_policy_gradient.html"],
      ["the bug zoo", "../bug-zoo.html#the-bugs"],
    ],
  },
  {
    name: "tau-1",
    title: "τ = 1",
    settings: { tau: 1 },
    question:
      "At each update the targets move τ = 2 % of the way to their networks. With τ = 1 they are exact " +
      "copies at all times. Should that not be faster?",
    action: "Train with τ = 1",
    opens: "promise",
    reveal: 6000,
    answer: [
      "The critic chases itself: each step of Q also moves its own target. What Q promises jumps by " +
        "a hundred and more, and the slopes that the actor follows jump with it.",
      "After 6,000 steps none of five seeds had swung up; with τ = 0.02 all had after 4,000. Reset τ: " +
        "four of the five learned it within 4,000 more steps.",
    ],
    links: [
      ["Chapter 08: target networks", "../course/08_targets.html"],
      ["the bug zoo", "../bug-zoo.html#the-bugs"],
    ],
  },
  {
    name: "no-exploration",
    title: "No exploration",
    settings: { noise_scale: 0 },
    question:
      "During training, noise is added to every torque. We turn it off: this actor only tries the " +
      "torques that it prefers. Can it still learn to swing up?",
    action: "Train without noise",
    reveal: 4500,
    answer: [
      "Here it can: all five seeds learned it within 4,500 steps, as with noise. The 1,000 random " +
        "steps at the start have visited most of this small world, and a policy that keeps changing " +
        "explores too.",
      "In a larger world, this actor may never find what random torques do not reach.",
    ],
    links: [["Chapter 09: exploration", "../course/09_exploration.html"]],
  },
  {
    name: "critic-too-fast",
    title: "Critic too fast",
    settings: { critic_learning_rate: 0.1 },
    question:
      "We multiply the critic’s learning rate by fifty, so that Q jumps from step to step: watch its " +
      "colours. The slope of Q is the only signal the actor learns from. Will it still learn?",
    action: "Train with a rate of 0.1",
    reveal: 4000,
    answer: [
      "It does: all five seeds swung up within 3,500 steps. Q is rough, and its colours flicker. But " +
        "the targets follow slowly, and each step of the actor is small, so that it follows an average " +
        "of the slopes.",
      "It is less safe, though: seed 3 kept losing the swing-up until step 7,000. Next, do the same to " +
        "the actor.",
    ],
    links: [["Chapter 08: target networks", "../course/08_targets.html"]],
  },
  {
    name: "actor-too-fast",
    title: "Actor too fast",
    settings: { actor_learning_rate: 0.1 },
    question:
      "We multiply the actor’s learning rate by a hundred. Adam bounds its steps, so nothing overflows. " +
      "Where does the orange line end, and can it come back?",
    action: "Train with a rate of 0.1",
    opens: "map",
    reveal: 4000,
    answer: [
      "At ±2 N m nearly everywhere: large steps push tanh into its flat ends. The arrows still point " +
        "upwards in Q, but on their way to the weights they are multiplied by tanh’s slope, almost 0.",
      "All five seeds ended like this. None recovered within 3,000 steps at the default rate.",
    ],
    links: [["Chapter 09: a saturated actor", "../course/09_exploration.html"]],
  },
];
