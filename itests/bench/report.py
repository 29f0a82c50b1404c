"""Figures to words: medians, ratios of pairs, and the table."""

import statistics


def median(runs, what):
    values = [r[what] for r in runs if what in r]
    return statistics.median(values) if values else None


def ratios(row, found):
    """Of each pair of runs: how many times better than the peer."""
    theirs = found.get(row.peer)
    if not theirs:
        return []
    pairs = [(x["value"], y["value"]) for x, y in zip(found["posthorn"], theirs)]
    return [x / y if row.more_is_better else y / x for x, y in pairs]


def reached(row, found):
    """goal, floor or under; nothing where the row has none."""
    r = ratios(row, found)
    if row.goal is None or row.peer and not r:
        return ""
    value = median(found["posthorn"], "value")
    better = (lambda bound: value <= bound) if row.absolute or row.peer is None else (lambda bound: statistics.median(r) >= bound)
    return "goal" if better(row.goal) else "floor" if better(row.floor) else "under"


def number(x):
    return "–" if x is None else "{:,.0f}".format(x) if x >= 100 else "%.1f" % x if x >= 10 else "%.2f" % x


def spread(row, found):
    r = ratios(row, found)
    return "%.2f (%.2f–%.2f)" % (statistics.median(r), min(r), max(r)) if r else "–"


def both(row, found, what):
    """Ours / theirs."""
    pair = [number(median(runs, what)) for runs in found.values()]
    return "–" if set(pair) == {"–"} else " / ".join(pair)


def bound(row, which):
    value = getattr(row, which)
    if value is None:
        return "–"
    return "%g ×" % value if row.peer and not row.absolute else "%g %s" % (value, row.unit)


def cells(row, found):
    cpu = {k: number(v) for k, v in zip(("floor", "goal"), row.cpu or (None, None))}
    return [row.name, row.what, row.unit, both(row, found, "value"), spread(row, found), bound(row, "floor"), bound(row, "goal"), reached(row, found),
            both(row, found, "cpu") + (" (goal %s)" % cpu["goal"] if row.cpu else ""), both(row, found, "p99"), both(row, found, "rss")]


HEAD = ["row", "work", "unit", "Posthorn / peer", "times better (low–high)", "floor", "goal", "reached", "CPU ms an operation", "p99 ms", "resident MiB"]


def line(row, found):
    return "  ".join(c for n, c in enumerate(cells(row, found)) if n != 1)


def table(rows, found):
    lines = [HEAD] + [cells(row, found[row.name]) for row in rows]
    width = [max(len(l[n]) for l in lines) for n in range(len(HEAD))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(l, width)).rstrip() for l in lines)


def markdown(rows, found):
    """Beside whom stands in the second column."""
    lines = [["work", "beside", "pairs", "unit", *HEAD[3:]], ["---"] * (len(HEAD) + 1)]
    lines += [[row.what, row.peer or "–", str(len(found[row.name]["posthorn"])), row.unit, *cells(row, found[row.name])[3:]] for row in rows]
    return "\n".join("| " + " | ".join(l) + " |" for l in lines)
