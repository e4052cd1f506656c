"""Damaged texts given back: inserted readings, bytes out of phase, and smaller slips. Every mend is recorded."""
