"""Reading a scenario file, and running it so that months pass in seconds."""
