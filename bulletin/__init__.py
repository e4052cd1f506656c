"""The words everybody shares: travelling types, text, dates, numbers, settings."""
