"""When things are due, in words and in moments. Pure: the clock is passed in, nothing is kept."""
