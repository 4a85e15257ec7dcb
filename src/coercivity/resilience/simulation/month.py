"""The months of one replication, compiled: arrivals, what is lacking, sharing, work.

Every planned move runs at its plan as far as its limit and its inputs go. What a place then lacks
is asked of all its sources as extra, cheapest first, and passed on up the chain in the priority of
who lacks it. At a place orders are filled by priority, planned ones before extra ones. Extra moves
never count as what a place can rely on, so they end with the loss that called for them.
"""

from __future__ import annotations

from coercivity.finance.compiled import Array, compiled, inlined
from coercivity.resilience.simulation.layout import Net
from coercivity.resilience.simulation.state import Lost, Rules, Seen, State

NOTHING = 1e-9
"""Below this nothing lacks. [t]"""
WHOLE = 1.0 - 1e-9
"""Share of its orders from which on a node fills all: the rest is rounding. [fraction]"""
SCARCEST = 0.05
"""Share of planned use at which a price stops rising. [fraction]"""
MEMORY = 1.0 / 12
"""Weight of the newest month in the price that supply answers to. [fraction]"""


@compiled
def _begin(net: Net, now: State) -> None:
    """Start as planned: stocks full, every way filled with what the plan moves."""
    now.hand[:] = net.opening
    now.pipe[:, :] = 0.0
    now.more[:, :] = 0.0
    now.gave[:] = 1.0
    lead, planned, pipe = net.lead, net.planned, now.pipe
    for move in range(lead.shape[0]):
        for month in range(lead[move]):
            pipe[move, month] = planned[move]


@compiled
def _arrive(net: Net, now: State, month: int) -> None:
    start, nodes, amounts = net.out_start, net.out_node, net.out_amount
    pipe, more, hand, came = now.pipe, now.more, now.hand, now.came
    came[:] = 0.0
    now.carried[:] = hand
    slot = month % pipe.shape[1]
    for move in range(start.shape[0] - 1):
        plan, plus = pipe[move, slot], more[move, slot]
        if plan + plus > 0.0:
            pipe[move, slot] = 0.0
            more[move, slot] = 0.0
            for end in range(start[move], start[move + 1]):
                hand[nodes[end]] += (plan + plus) * amounts[end]
                came[nodes[end]] += plus * amounts[end]


@compiled
def _open(net: Net, now: State, rules: Rules, lost: Lost, place: int, month: int) -> None:
    """Open the limits of the month; outside supply answers to the price it remembers."""
    able, left, most, busy = now.able, now.left, net.most, net.busy
    for limit in range(most.shape[0]):
        goes_on = lost.left[place, int(lost.hit[limit]), month]
        more = 1.0
        kind = net.limit_material[limit]
        # Who is held back sells no more at a higher price; the others do, after their lag.
        if kind >= 0 and goes_on == 1.0 and month >= rules.lag[kind]:
            remembered = now.smooth[kind, month - int(rules.lag[kind])]
            more = max(1.0, remembered ** rules.supply_elasticity[kind])
        possible = most[limit] * goes_on * more if goes_on > 0.0 else 0.0
        able[limit] = 1.0 if possible >= busy[limit] else possible / busy[limit]
        left[limit] = possible - able[limit] * busy[limit]
    scale, limits, serves = now.scale, net.limit, net.serves
    for move in range(limits.shape[0]):
        scale[move] = 1.0 if limits[move] < 0 else able[limits[move]]
        if serves[move] >= 0:
            wanted, planned = lost.wanted[serves[move], month], net.demand_planned[serves[move]]
            scale[move] = min(1.0, wanted / planned) if planned > 0.0 else 0.0


@compiled
def _lacking(net: Net, now: State, rules: Rules, lost: Lost, node: int, month: int) -> float:
    """Sum what a node lacks of its orders, cumulative by priority; sales ask for nothing."""
    want, extra, scale, claims = now.want, now.extra, now.scale, rules.claims
    last = rules.levels - 2
    want[:] = 0.0
    demand = net.demand_of[node]
    if demand >= 0:
        for level in range(net.demand_level[demand], last + 1):
            want[level] = lost.wanted[demand, month]
    for end in range(net.user_start[node], net.user_start[node + 1]):
        move, amount = net.user_move[end], net.user_amount[end]
        for level in range(last + 1):
            want[level] += amount * (claims[move, level] * scale[move] + extra[move, level])
    relied = now.hand[node] - now.came[node] + now.at_once[node]
    target = max(0.0, net.opening[node] + min(0.0, net.drift[node]) * month)
    kept = min(now.carried[node], rules.reserve * target)
    for level in range(last + 1):
        open_to = relied if level == 0 else relied - kept
        want[level] = max(0.0, want[level] - open_to)
    gap = target - max(0.0, relied - net.outflow[node])
    if gap > 0.0:
        want[last] += rules.refill * gap
    for level in range(last - 1, -1, -1):
        want[level] = min(want[level], want[level + 1])
    return float(want[last])


@compiled
def _ask(net: Net, now: State, rules: Rules, node: int, lacking: float) -> None:
    """Ask the sources of a node for what it lacks, cheapest first, as far as limits go."""
    want, extra, left, claimed = now.want, now.extra, now.left, now.claimed
    last = rules.levels - 2
    total, lacks = lacking, lacking * rules.search
    for end in range(net.source_start[node], net.source_start[node + 1]):
        if lacks <= NOTHING:
            break
        move, given = net.source_move[end], net.source_amount[end]
        held, limit = extra[move, last], net.limit[move]
        amount = lacks / given
        if limit >= 0:
            amount = min(amount, held + left[limit] / net.use[move])
            left[limit] -= max(0.0, amount - held) * net.use[move]
        if amount <= 0.0:
            continue
        for level in range(last + 1):
            extra[move, level] = max(extra[move, level], amount * want[level] / total)
        extra[move, last + 1] = extra[move, last]
        added = extra[move, last] - held
        for start in range(net.in_start[move], net.in_start[move + 1]):
            claimed[net.in_node[start]] += added * net.in_amount[start]
        lacks -= amount * given * now.gave[move]


@compiled
def _look(net: Net, now: State, rules: Rules, lost: Lost, month: int) -> None:
    """Look at every node, those near demand first, and ask for what it lacks."""
    hand, came, at_once, claimed = now.hand, now.came, now.at_once, now.claimed
    outflow, opening, demand_of = net.outflow, net.opening, net.demand_of
    for node in net.upstream:
        asked = outflow[node] + claimed[node] + opening[node]
        if demand_of[node] >= 0:
            asked = lost.wanted[demand_of[node], month]
        if hand[node] - came[node] + at_once[node] < asked - NOTHING:
            lacking = _lacking(net, now, rules, lost, node, month)
            if lacking > NOTHING:
                _ask(net, now, rules, node, lacking)


@compiled
def _share_out(net: Net, now: State, rules: Rules, node: int) -> None:
    """Fill the orders on a node by priority, planned before extra ones; or all alike."""
    levels, claims, extra, scale = rules.levels, rules.claims, now.extra, now.scale
    users, uses = net.user_move, net.user_amount
    left = now.hand[node]
    kept = min(now.carried[node], rules.reserve * net.opening[node])
    before, before_more, total = 0.0, 0.0, 0.0
    for level in range(levels):
        plan, plus = 0.0, 0.0
        for end in range(net.user_start[node], net.user_start[node + 1]):
            move, amount = users[end], uses[end]
            plan += amount * claims[move, level] * scale[move]
            plus += amount * extra[move, level]
        asked, asked_more = max(0.0, plan - before), max(0.0, plus - before_more)
        before, before_more, total = plan, plus, plan + plus
        gives = min(asked, left if level == 0 else max(0.0, left - kept))
        left -= gives
        gives_more = min(asked_more, left if level == 0 else max(0.0, left - kept))
        left -= gives_more
        now.share[node, level] = gives / asked if asked > 0.0 else 1.0
        now.share_more[node, level] = gives_more / asked_more if asked_more > 0.0 else 1.0
    if rules.rated == 0.0:
        alike = min(1.0, now.hand[node] / total) if total > 0.0 else 1.0
        now.share[node, :] = alike
        now.share_more[node, :] = alike


@inlined
def _granted(orders: Array, move: int, share: Array, node: int) -> float:
    """Sum what is given of the orders of a move, priority by priority."""
    given, before = 0.0, 0.0
    for level in range(orders.shape[1]):
        given += max(0.0, orders[move, level] - before) * share[node, level]
        before = orders[move, level]
    return given


@compiled
def _hand_on(net: Net, now: State, rules: Rules, node: int) -> None:
    """Hand on within the month what needs no time, where orders are not filled whole."""
    claims, extra, scale = rules.claims, now.extra, now.scale
    share, share_more = now.share, now.share_more
    for end in range(net.once_start[node], net.once_start[node + 1]):
        move = net.once_move[end]
        now.moved[end] = scale[move] * _granted(claims, move, share, node)
        now.moved_more[end] = _granted(extra, move, share_more, node)


@compiled
def _bring_down(net: Net, now: State, rules: Rules) -> None:
    """Fill the orders on every node; use in a worse class and service need no time."""
    now.given[:] = 0.0
    now.at_once[:] = 0.0
    hand, claimed, outflow, whole = now.hand, now.claimed, net.outflow, now.whole
    once_start, once_move, takes, out = net.once_start, net.once_move, net.once_takes, net.once_out
    planned, scale, extra, last = net.planned, now.scale, now.extra, rules.levels - 1
    moved, moved_more = now.moved, now.moved_more
    for node in net.downstream:
        asked = outflow[node] + claimed[node]
        whole[node] = hand[node] >= asked * WHOLE and rules.reserve == 0.0
        if not whole[node]:
            _share_out(net, now, rules, node)
            _hand_on(net, now, rules, node)
        for end in range(once_start[node], once_start[node + 1]):
            move = once_move[end]
            if whole[node]:
                moved[end], moved_more[end] = planned[move] * scale[move], extra[move, last]
            plan, plus = moved[end], moved_more[end]
            if extra[move, last] > 0.0:
                now.gave[move] = plus / extra[move, last]
            hand[node] -= (plan + plus) * takes[end]
            hand[out[end]] += plan + plus
            now.at_once[out[end]] += plan
            if net.once_market[end] >= 0:
                now.given[net.once_market[end]] += (plan + plus) * takes[end]


@compiled
def _foresee(net: Net, now: State, rules: Rules) -> None:
    """Find what planned moves without a lead will give this month: go through it and go back."""
    now.extra[:, :] = 0.0
    now.claimed[:] = 0.0
    now.saved[:] = now.hand
    _bring_down(net, now, rules)
    now.hand[:] = now.saved


@compiled
def _work(net: Net, now: State, rules: Rules, month: int) -> None:
    """Run what takes time, as far as the scarcest input goes."""
    last, slots = rules.levels - 1, now.pipe.shape[1]
    hand, in_start, in_node, takes = now.hand, net.in_start, net.in_node, net.in_amount
    lead, claims, extra, scale, pipe = net.lead, rules.claims, now.extra, now.scale, now.pipe
    share, share_more, market, given = now.share, now.share_more, net.in_market, now.given
    whole = now.whole
    for move in range(lead.shape[0]):
        if lead[move] == 0:
            continue
        plan, plus = claims[move, last] * scale[move], extra[move, last]
        asked = plus
        if plan + plus <= 0.0:
            continue
        for end in range(in_start[move], in_start[move + 1]):
            node = in_node[end]
            if not whole[node]:
                plan = min(plan, scale[move] * _granted(claims, move, share, node))
                plus = min(plus, _granted(extra, move, share_more, node))
        for end in range(in_start[move], in_start[move + 1]):
            hand[in_node[end]] -= (plan + plus) * takes[end]
            if market[end] >= 0:
                given[market[end]] += (plan + plus) * takes[end]
        if net.out_start[move] < net.out_start[move + 1]:
            pipe[move, (month + lead[move]) % slots] += plan
            now.more[move, (month + lead[move]) % slots] += plus
        if asked > 0.0:
            now.gave[move] = plus / asked


@compiled
def _price(now: State, rules: Rules, lost: Lost, seen: Seen, place: int, month: int) -> None:
    r"""Give the price at which users would want just what there is, :math:`(g/a)^{1/\epsilon}`."""
    for kind in range(rules.demand_elasticity.shape[0]):
        share = 1.0
        if lost.used[kind, month] > NOTHING:
            share = min(1.0, max(SCARCEST, now.given[kind] / lost.used[kind, month]))
        price = share ** (1.0 / rules.demand_elasticity[kind])
        seen.price[place, kind, month] = price
        before = now.smooth[kind, month - 1] if month > 0 else 1.0
        now.smooth[kind, month] = before + MEMORY * (price - before)


@compiled
def replicate(net: Net, now: State, rules: Rules, lost: Lost, seen: Seen, place: int) -> None:
    """Run the months of one replication of a block."""
    _begin(net, now)
    hand, room = now.hand, net.room
    for month in range(lost.wanted.shape[1]):
        _arrive(net, now, month)
        for one in range(net.cover_node.shape[0]):
            days = hand[net.cover_node[one]] * net.cover_weight[one]
            seen.cover[place, net.cover_segment[one], month] += days
        _open(net, now, rules, lost, place, month)
        _foresee(net, now, rules)
        _look(net, now, rules, lost, month)
        _bring_down(net, now, rules)
        _work(net, now, rules, month)
        for demand in range(net.demand_node.shape[0]):
            node, wanted = net.demand_node[demand], lost.wanted[demand, month]
            seen.short[place, net.demand_segment[demand], month] += max(0.0, wanted - hand[node])
            hand[node] = max(0.0, hand[node] - wanted)
        for node in range(room.shape[0]):
            hand[node] = min(max(0.0, hand[node]), room[node])
        _price(now, rules, lost, seen, place, month)
