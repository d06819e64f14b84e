"""What learners hand in: right answers, other right ones, and mistakes, a file for each chapter.

Each module has three dictionaries by the exercise's number. RIGHT: answers in the order of the
stub. OTHER_RIGHT: a list of such, written differently. MISTAKEN: a list of (answers, name of the
mistake), each written apart from the rows that the check itself has.
"""
