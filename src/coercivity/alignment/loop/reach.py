"""Whether an accepted chain runs through a plant: all its feeds, and somebody for what it makes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from coercivity.alignment.loop.chain import Chain
from coercivity.alignment.loop.relays import Array, Flags


@dataclass(slots=True)
class ChainReach:
    """Asks of each plant whether support on accepted products would reach it.

    It does if each feed whose origin counts is made by an accepted plant that is fed itself, or
    offered by an accepted supplier, and if what it makes is asked for or taken by such a plant. How
    much is taken is not asked. More plants never cut a chain.
    """

    chain: Chain
    known: dict[bytes, Flags] = field(default_factory=dict)
    _takes: Array = field(default_factory=lambda: np.zeros(0))
    _makes: Array = field(default_factory=lambda: np.zeros(0))
    _owns: Flags = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    _always: Flags = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    _offered: Flags = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    _asked: Flags = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    def __post_init__(self) -> None:
        chain = self.chain
        names = chain.materials
        self._takes = np.array(
            [[float(step.takes.get(m, 0) > 0) for m in names] for step in chain.steps]
        )
        self._makes = np.array(
            [[float(step.makes.get(m, 0) > 0) for m in names] for step in chain.steps]
        )
        self._owns = np.array(
            [[brought.get(step.plant, 0) > 0 for step in chain.steps] for brought in chain.by_relay]
        )
        self._always = np.array([chain.always.get(step.plant, 0) > 0 for step in chain.steps])
        self._offered = np.array([chain.offers.get(m, 0) > 0 for m in names])
        self._asked = np.array([any(m in one.served_by for one in chain.asked) for m in names])

    def __call__(self, on: Flags) -> Flags:
        """Say through which plants a chain runs, each taken to run beside those that do.

        Parameters
        ----------
        on
            Plants that run.
        """
        key = np.packbits(on).tobytes()
        if key not in self.known:
            self.known[key] = self._find(on)
        return self.known[key]

    def _find(self, on: Flags) -> Flags:
        together = self._always | self._owns[on].any(axis=0)
        running = together[None, :] | self._owns
        fed = self._closed(running, self._offered, needs=self._takes, gives=self._makes, every=True)
        used = self._closed(fed, self._asked, needs=self._makes, gives=self._takes, every=False)
        return np.asarray((used & self._owns).any(axis=1))

    def _closed(
        self, running: Flags, begun: Flags, *, needs: Array, gives: Array, every: bool
    ) -> Flags:
        """Spread from what there is; a circle does not hold itself up."""
        there = np.broadcast_to(begun, (len(running), len(begun))).copy()
        while True:
            if every:
                open_steps = running & ((~there).astype(float) @ needs.T == 0)
            else:
                open_steps = running & (there.astype(float) @ needs.T > 0)
            more = there | (open_steps.astype(float) @ gives > 0)
            if np.array_equal(more, there):
                return np.asarray(open_steps)
            there = more
