"""Pages of the practice sites with `$name` where something is filled in."""
