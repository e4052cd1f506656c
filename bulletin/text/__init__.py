"""Chinese official text: folding, repair, numerals, dates, document and index numbers."""
