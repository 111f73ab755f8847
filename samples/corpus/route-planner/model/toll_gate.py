"""Toll gates: what is known of each motorway."""

from collections import deque


class TollGateWindow:
    """Moving mean of the last few charge values."""

    def __init__(self, size=12):
        self._toll_gates = deque(maxlen=size)
        self._sum_charge = 0

    def push(self, charge):
        if len(self._toll_gates) == self._toll_gates.maxlen:
            self._sum_charge -= self._toll_gates[0]
        self._toll_gates.append(charge)
        self._sum_charge += charge
        return self._sum_charge / len(self._toll_gates)


def group_toll_gates_by_queue(toll_gates, step):
    """Buckets of width ``step``; the key of a bucket is its lower edge."""
    if step <= 0:
        raise ValueError("step must be positive")
    queue_groups = {}
    for toll_gate in toll_gates:
        edge = int(toll_gate.queue // step) * step
        queue_groups.setdefault(edge, []).append(toll_gate)
    return dict(sorted(queue_groups.items()))


def read_toll_gates(lines):
    """Yields (motorway, charge) from lines such as ``name;12``; a line that is not one raises with its number."""
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        motorway, separator, raw_charge = line.rstrip().partition(";")
        if not separator or not raw_charge.strip().isdigit():
            raise ValueError(f"line {number}: expected 'motorway;charge', found {line!r}")
        yield motorway.strip(), int(raw_charge)
