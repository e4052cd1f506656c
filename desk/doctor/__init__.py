"""What may be wrong with a home, one file for each kind of trouble."""
