"""Many runs: studies over seeds, their statistics, tables and figures."""
