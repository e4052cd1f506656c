"""The doors: wiring, tasks, command line, practice sites."""
