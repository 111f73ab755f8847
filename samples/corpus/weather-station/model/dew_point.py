"""Dew point by the Magnus formula."""

import math


def dew_point(celsius, humidity):
    # The constants hold from -45 to 60 degrees.
    gamma = math.log(humidity / 100) + 17.62 * celsius / (243.12 + celsius)
    return 243.12 * gamma / (17.62 - gamma)
