"""Wind speed by the scale of Beaufort."""

LIMITS = [0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7]


def beaufort(speed):
  for force, limit in enumerate(LIMITS):
    if speed < limit:
      return force
  return len(LIMITS)
