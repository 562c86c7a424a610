"""Shares as people read them. Pure."""


def thousandths(part: int, whole: int) -> int:
    """A part of a whole in thousandths, to the nearest, a half upwards; never all of it where something is wanting."""
    nearest = (2000 * part + whole) // (2 * whole)
    return min(nearest, 999) if part < whole else nearest
