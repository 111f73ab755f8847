"""Barometers: what is known of each cabinet."""

from collections import deque


def summarise_barometers(barometers):
    """Least, greatest and mean pressure by cabinet, in hectopascals."""
    by_cabinet = {}
    for barometer in barometers:
        by_cabinet.setdefault(barometer.cabinet, []).append(barometer.pressure)
    return {
        cabinet: (min(values), max(values), sum(values) / len(values))
        for cabinet, values in sorted(by_cabinet.items())
    }


class BarometerWindow:
    """Moving mean of the last few pressure values."""

    def __init__(self, size=12):
        self._barometers = deque(maxlen=size)
        self._sum_pressure = 0

    def push(self, pressure):
        if len(self._barometers) == self._barometers.maxlen:
            self._sum_pressure -= self._barometers[0]
        self._barometers.append(pressure)
        self._sum_pressure += pressure
        return self._sum_pressure / len(self._barometers)


def publish_barometers(client, barometers, attempts=3):
    """Sends each barometer; returns those that were refused every time."""
    refused_barometers = []
    for barometer in barometers:
        for attempt in range(attempts):
            if client.send("trusted", barometer.cabinet, barometer.pressure):
                break
        else:
            refused_barometers.append(barometer)
    return refused_barometers
