"""How the course's recordings are made: a file for each chapter, a function for each recording."""
