"""Left by the parser; may be removed at any time."""

PARSED = {"stations": 14, "minutes": 1440, "errors": 0, "version": 3}
