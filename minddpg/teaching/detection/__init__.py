"""Which kind of check catches which bug of the zoo: the real agent, examined with each planted."""
