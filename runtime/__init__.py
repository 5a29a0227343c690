"""How it is wired and run (运行): connections, embedded servers, logs, rehearsals, and what stands behind the commands."""
