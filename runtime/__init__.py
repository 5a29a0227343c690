"""How the program is wired and run (运行): settings, connections, workers, schedules, the embedded servers, mail, the store, logs."""
