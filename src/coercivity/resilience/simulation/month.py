"""The months of one replication, compiled: arrivals, what is lacking, sharing, work.

Every planned move runs at its plan as far as its limit and its inputs go. What a place then lacks
is asked of all its sources as extra, cheapest first, and passed on up the chain in the priority of
who lacks it. At a place orders are filled by priority, planned ones before extra ones. Extra moves
never count as what a place can rely on, so they end with the loss that called for them.
"""

from __future__ import annotations

from coercivity.finance.compiled import Array, inlined
from coercivity.resilience.simulation.compiling import borrowed, unguarded
from coercivity.resilience.simulation.layout import Net, Places
from coercivity.resilience.simulation.state import Lost, Rules, Seen, State

NOTHING = 1e-9
"""Below this nothing lacks. [t]"""
WHOLE = 1.0 - 1e-9
"""Share of its orders from which on a node fills all: the rest is rounding. [fraction]"""
SCARCEST = 0.05
"""Share of planned use at which a price stops rising. [fraction]"""
MEMORY = 1.0 / 12
"""Weight of the newest month in the price that supply answers to. [fraction]"""


@inlined
def _begin(net: Net, now: State, rules: Rules) -> None:
    """Start as planned: stocks full, every way filled with what the plan moves."""
    due, due_more = now.due, now.due_more
    for node in range(due.shape[1]):
        now.hand[node], now.spilled[node] = net.opening[node], 0.0
        for slot in range(due.shape[0]):
            due[slot, node], due_more[slot, node] = 0.0, 0.0
    for limit in range(net.most.shape[0]):
        now.waits[limit], now.called[limit] = rules.start[limit], -1
    for move in range(net.lead.shape[0]):
        now.gave[move], now.done[move] = net.trust[move], 0.0
        for month in range(net.lead[move]):
            for end in range(net.out_start[move], net.out_start[move + 1]):
                due[month, net.out_node[end]] += net.planned[move] * net.out_amount[end]


@inlined
def _arrive(now: State, slot: int) -> None:
    """Take in what is due; a reserve is kept of what lay there before."""
    due, due_more, hand, came, carried = now.due, now.due_more, now.hand, now.came, now.carried
    for node in range(hand.shape[0]):
        carried[node], came[node] = hand[node], due_more[slot, node]
        hand[node] += due[slot, node] + came[node]
        due[slot, node], due_more[slot, node] = 0.0, 0.0


@inlined
def _open(net: Net, now: State, rules: Rules, lost: Lost, place: int, month: int) -> None:
    """Open the limits of the month; outside supply answers to the price it remembers."""
    able, left, most, busy = now.able, now.left, net.most, net.busy
    for limit in range(most.shape[0]):
        goes_on = lost.left[place, lost.hit[limit], month]
        more = 1.0
        kind = net.limit_material[limit]
        # Who is held back sells no more at a higher price; the others do, after their lag.
        if kind >= 0 and goes_on == 1.0 and month >= rules.lag[kind]:
            remembered = now.smooth[kind, month - int(rules.lag[kind])]
            if remembered > 1.0:
                more = remembered ** rules.supply_elasticity[kind]
        possible = most[limit] * goes_on * more if goes_on > 0.0 else 0.0
        able[limit] = 1.0 if possible >= busy[limit] else possible / busy[limit]
        left[limit] = possible - able[limit] * busy[limit]
    scale, limits, serves = now.scale, net.limit, net.serves
    for move in net.working:
        scale[move] = 1.0 if limits[move] < 0 else able[limits[move]]
        if serves[move] >= 0:
            wanted, planned = lost.wanted[serves[move], month], net.demand_planned[serves[move]]
            scale[move] = min(1.0, wanted / planned) if planned > 0.0 else 0.0


@inlined
def _lacking(net: Net, now: State, rules: Rules, node: int, month: int) -> float:
    """Leave of the orders on a node what it lacks, and give that of all but sales."""
    relied = now.hand[node] - now.came[node] + now.at_once[node]
    target = max(0.0, net.opening[node] + min(0.0, net.drift[node]) * month)
    kept, last = min(now.carried[node], rules.reserve * target), rules.levels - 2
    for level in range(last + 1):
        open_to = relied if level == 0 else relied - kept
        now.want[level] = max(0.0, now.want[level] - open_to)
    gap = target - max(0.0, relied - net.outflow[node])
    if gap > 0.0:
        now.want[last] += rules.refill * gap
    for level in range(last - 1, -1, -1):
        now.want[level] = min(now.want[level], now.want[level + 1])
    return float(now.want[last])


@inlined
def _called(net: Net, now: State, lost: Lost, limit: int, when: tuple[int, int]) -> bool:
    """Let a month pass on the start of a plant, and of those that feed it, while it stands."""
    place, month = when
    stands = now.waits[limit] > 0.0 or now.called[limit] == month
    if stands and now.called[limit] != month:
        for one in range(net.calls_start[limit], net.calls_start[limit + 1]):
            other = net.calls_limit[one]
            hit = lost.left[place, lost.hit[other], month] == 0.0
            if now.waits[other] > 0.0 and now.called[other] != month and not hit:
                now.called[other] = month
                now.waits[other] -= 1.0
    return bool(stands)


@inlined
def _asked_of(net: Net, now: State, move: int, lacks: float, last: int) -> float:
    """Give how much of what lacks a source can be asked, within its limit."""
    limit, held = net.limit[move], now.extra[move, last]
    asked = lacks
    if limit >= 0 and net.use[move] > 0.0:
        asked = min(lacks, held + now.left[limit] / net.use[move])
        now.left[limit] -= max(0.0, asked - held) * net.use[move]
    return asked


@inlined
def _ask(
    net: Net, now: State, rules: Rules, lost: Lost, node: int, lacking: float,
    when: tuple[int, int],
) -> None:  # fmt: skip
    """Ask the sources of a node for what it lacks, cheapest first, as far as limits go."""
    last, lacks = rules.levels - 2, lacking * rules.search
    for end in range(net.source_start[node], net.source_start[node + 1]):
        move, given = net.source_move[end], net.source_amount[end]
        if lacks > NOTHING and given > 0.0:
            held, amount, limit = now.extra[move, last], 0.0, net.limit[move]
            if limit < 0 or not _called(net, now, lost, limit, when):
                amount = _asked_of(net, now, move, lacks / given, last)
            if amount > 0.0:
                if now.extra[move, last + 1] == 0.0:
                    now.asked[now.asking[0]] = move
                    now.asking[0] += 1
                # A started plant gets only what plans leave, or starting it could hurt.
                for level in range(last if net.trust[move] == 0.0 else 0, last + 1):
                    part = amount * now.want[level] / lacking
                    now.extra[move, level] = max(now.extra[move, level], part)
                now.extra[move, last + 1] = now.extra[move, last]
                added = now.extra[move, last] - held
                for start in range(net.in_start[move], net.in_start[move + 1]):
                    now.claimed[net.in_node[start]] += added * net.in_amount[start]
                lacks -= amount * given * now.gave[move]


@inlined
def _look(net: Net, now: State, rules: Rules, lost: Lost, when: tuple[int, int]) -> None:
    """Look at every node, those near demand first, and ask for what it lacks."""
    last, month, wanted = rules.levels - 1, when[1], lost.wanted
    for node in net.upstream:
        demand, first = net.demand_of[node], last
        asked = net.outflow[node] + now.claimed[node] + net.opening[node]
        if demand >= 0:
            asked, first = wanted[demand, month], net.demand_level[demand]
        if now.hand[node] - now.came[node] + now.at_once[node] < asked - NOTHING:
            for level in range(last):
                now.want[level] = asked if level >= first else 0.0
            for end in range(net.user_start[node], net.user_start[node + 1]):
                move, amount = net.user_move[end], net.user_amount[end]
                part = now.scale[move]
                for level in range(last):
                    planned = rules.claims[move, level] * part
                    now.want[level] += amount * (planned + now.extra[move, level])
            lacking = _lacking(net, now, rules, node, month)
            if lacking > NOTHING:
                _ask(net, now, rules, lost, node, lacking, when)


@inlined
def _ordered(net: Net, now: State, rules: Rules, node: int) -> None:
    """Sum planned and extra orders on a node, cumulative by priority."""
    claims, extra, scale = rules.claims, now.extra, now.scale
    want, want_more, more = now.want, now.want_more, now.claimed[node] > 0.0
    for level in range(rules.levels):
        want[level], want_more[level] = 0.0, 0.0
    for end in range(net.user_start[node], net.user_start[node + 1]):
        move, amount = net.user_move[end], net.user_amount[end]
        part = amount * scale[move]
        for level in range(rules.levels):
            want[level] += claims[move, level] * part
        if more:
            for level in range(rules.levels):
                want_more[level] += amount * extra[move, level]


@inlined
def _share_out(net: Net, now: State, rules: Rules, node: int) -> None:
    """Fill the orders on a node by priority, planned before extra ones; or all alike."""
    share, share_more, want, want_more = now.share, now.share_more, now.want, now.want_more
    left, last = now.hand[node], rules.levels - 1
    total = want[last] + want_more[last]
    alike = min(1.0, left / total) if total > 0.0 else 1.0
    kept = min(now.carried[node], rules.reserve * net.opening[node])
    before, before_more = 0.0, 0.0
    for level in range(last + 1):
        asked, asked_more = max(0.0, want[level] - before), max(0.0, want_more[level] - before_more)
        before, before_more = want[level], want_more[level]
        gives = min(asked, left if level == 0 else max(0.0, left - kept))
        left -= gives
        gives_more = min(asked_more, left if level == 0 else max(0.0, left - kept))
        left -= gives_more
        if rules.rated == 0.0:
            share[node, level], share_more[node, level] = alike, alike
        else:
            share[node, level] = gives / asked if asked > 0.0 else 1.0
            share_more[node, level] = gives_more / asked_more if asked_more > 0.0 else 1.0


@inlined
def _granted(orders: Array, move: int, share: Array, node: int) -> float:
    """Sum what is given of the orders of a move, priority by priority."""
    given, before = 0.0, 0.0
    for level in range(orders.shape[1]):
        given += max(0.0, orders[move, level] - before) * share[node, level]
        before = orders[move, level]
    return given


@inlined
def _hand_on(net: Net, now: State, rules: Rules, node: int, counts: float) -> None:
    """Hand on within the month what needs no time."""
    planned, claims, extra, scale = net.planned, rules.claims, now.extra, now.scale
    hand, last, whole = now.hand, rules.levels - 1, now.whole[node]
    for end in range(net.once_start[node], net.once_start[node + 1]):
        move, out, takes = net.once_move[end], net.once_out[end], net.once_takes[end]
        plan, asked = planned[move] * scale[move], extra[move, last]
        plus = asked
        if plan > 0.0 and not whole:
            plan = scale[move] * _granted(claims, move, now.share, node)
        if asked > 0.0:
            if not whole:
                plus = _granted(extra, move, now.share_more, node)
            now.gave[move] = plus / asked
        hand[node] -= (plan + plus) * takes
        hand[out] += plan + plus
        now.at_once[out] += plan
        now.done[move] += counts * (plan + plus)
        if net.once_market[end] >= 0:
            now.given[net.once_market[end]] += (plan + plus) * takes


@unguarded
def _fill(net: Net, now: State, rules: Rules, nodes: Places, counts: float) -> None:
    """Fill the orders on some nodes; use in a worse class and service need no time.

    What is handed on is counted as done when ``counts`` is 1, not when it is only foreseen.
    """
    net, now, rules = borrowed(net), borrowed(now), borrowed(rules)
    hand, claimed, outflow, whole = now.hand, now.claimed, net.outflow, now.whole
    for node in range(hand.shape[0]):
        now.at_once[node] = 0.0
    for kind in range(now.given.shape[0]):
        now.given[kind] = 0.0
    for node in nodes:
        asked = outflow[node] + claimed[node]
        whole[node] = hand[node] >= asked * WHOLE and rules.reserve == 0.0
        if not whole[node]:
            _ordered(net, now, rules, node)
            _share_out(net, now, rules, node)
        _hand_on(net, now, rules, node, counts)


@inlined
def _foresee(net: Net, now: State, rules: Rules) -> None:
    """Find what planned moves without a lead will give this month: go through it and go back."""
    hand, saved, extra, last = now.hand, now.saved, now.extra, now.extra.shape[1] - 1
    for place in range(now.asking[0]):
        for level in range(last + 1):
            extra[now.asked[place], level] = 0.0
    now.asking[0] = 0
    for node in range(hand.shape[0]):
        now.claimed[node], saved[node] = 0.0, hand[node]
    _fill(net, now, rules, net.handing, 0.0)
    for node in range(hand.shape[0]):
        hand[node] = saved[node]


@inlined
def _send(net: Net, now: State, move: int, slot: int, done: tuple[float, float]) -> None:
    """Take the inputs of what a move does, and put its outputs on their way."""
    plan, plus = done
    hand, given, slots = now.hand, now.given, now.due.shape[0]
    for end in range(net.in_start[move], net.in_start[move + 1]):
        taken = (plan + plus) * net.in_amount[end]
        hand[net.in_node[end]] -= taken
        if net.in_market[end] >= 0:
            given[net.in_market[end]] += taken
    now.done[move] += plan + plus
    arrival = slot + net.lead[move]
    if arrival >= slots:
        arrival -= slots
    for end in range(net.out_start[move], net.out_start[move + 1]):
        node, amount = net.out_node[end], net.out_amount[end]
        now.due[arrival, node] += plan * amount
        now.due_more[arrival, node] += plus * amount


@inlined
def _work(net: Net, now: State, rules: Rules, slot: int) -> None:
    """Run what takes time, as far as the scarcest input goes."""
    last, planned, in_start, in_node = rules.levels - 1, net.planned, net.in_start, net.in_node
    lead, claims, extra, scale = net.lead, rules.claims, now.extra, now.scale
    share, share_more, whole = now.share, now.share_more, now.whole
    carrying, asked_moves = net.carrying, now.asked
    for place in range(carrying.shape[0] + now.asking[0]):
        spare = place - carrying.shape[0]
        move = carrying[place] if spare < 0 else asked_moves[spare]
        if spare >= 0 and (planned[move] > 0.0 or lead[move] == 0):
            continue
        plan, asked = planned[move] * scale[move], extra[move, last]
        plus = asked
        if plan + plus > 0.0:
            for end in range(in_start[move], in_start[move + 1]):
                node = in_node[end]
                if not whole[node]:
                    if plan > 0.0:
                        plan = min(plan, scale[move] * _granted(claims, move, share, node))
                    if plus > 0.0:
                        plus = min(plus, _granted(extra, move, share_more, node))
            _send(net, now, move, slot, (plan, plus))
        if asked > 0.0:
            now.gave[move] = plus / asked


@inlined
def _price(now: State, rules: Rules, lost: Lost, seen: Seen, place: int, month: int) -> None:
    r"""Give the price at which users would want just what there is, :math:`(g/a)^{1/\epsilon}`."""
    for kind in range(rules.demand_elasticity.shape[0]):
        share = 1.0
        if lost.used[kind, month] > NOTHING:
            share = min(1.0, max(SCARCEST, now.given[kind] / lost.used[kind, month]))
        price = share ** (1.0 / rules.demand_elasticity[kind]) if share < 1.0 else 1.0
        seen.price[place, kind, month] = price
        before = now.smooth[kind, month - 1] if month > 0 else 1.0
        now.smooth[kind, month] = before + MEMORY * (price - before)


@inlined
def _cover(net: Net, now: State, seen: Seen, place: int, month: int) -> None:
    """Note how long what lies before a segment lasts."""
    for one in range(net.cover_node.shape[0]):
        days = now.hand[net.cover_node[one]] * net.cover_weight[one]
        seen.cover[place, net.cover_segment[one], month] += days


@inlined
def _serve(net: Net, now: State, lost: Lost, seen: Seen, place: int, month: int) -> None:
    """Note what is short, and keep of the rest what finds room."""
    hand, room = now.hand, net.room
    for demand in range(net.demand_node.shape[0]):
        node, wanted = net.demand_node[demand], lost.wanted[demand, month]
        seen.short[place, net.demand_segment[demand], month] += max(0.0, wanted - hand[node])
        hand[node] = max(0.0, hand[node] - wanted)
    for node in range(room.shape[0]):
        kept = min(max(0.0, hand[node]), room[node])
        now.spilled[node] += hand[node] - kept
        hand[node] = kept


@inlined
def _months(net: Net, now: State, rules: Rules, lost: Lost, seen: Seen, place: int) -> None:
    """Run the months of one replication of a block."""
    _begin(net, now, rules)
    slots = now.due.shape[0]
    for month in range(lost.wanted.shape[1]):
        slot = month % slots
        _arrive(now, slot)
        _cover(net, now, seen, place, month)
        _open(net, now, rules, lost, place, month)
        _foresee(net, now, rules)
        _look(net, now, rules, lost, (place, month))
        _fill(net, now, rules, net.downstream, 1.0)
        _work(net, now, rules, slot)
        _serve(net, now, lost, seen, place, month)
        _price(now, rules, lost, seen, place, month)


@unguarded
def replicate(
    net: Net, now: State, rules: Rules, lost: Lost, seen: Seen, block: tuple[int, int]
) -> None:
    """Run the replications ``block[0]`` up to, not with, ``block[1]``, one after another."""
    net, now, rules, lost, seen = (
        borrowed(net), borrowed(now), borrowed(rules), borrowed(lost), borrowed(seen),
    )  # fmt: skip
    for place in range(block[0], block[1]):
        _months(net, now, rules, lost, seen, place)
