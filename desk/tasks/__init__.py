"""One function per thing an archivist does. They take and return the travelling types; doors parse and print."""
