"""What learners hand in, a file for each chapter: independent of the exercises' own solutions.

Each module has two dictionaries by the exercise's number. CORRECT: a list of correct answers in
other styles than the solution, each a tuple in the order of the stub. MISTAKEN: a list of
(answers, name of the mistake), each written apart from the exercise's own mistakes.
"""
