"""What clients see of an account, whichever server has it, and what differs."""

import calendar
import hashlib
import imaplib
import re
import time

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def done(answer):
    if answer[0] != "OK":
        raise AssertionError(answer)
    return answer


def session(side):
    box = imaplib.IMAP4("127.0.0.1", side.port("imap"), timeout=60)
    done(box.login(side.user, "secret"))
    return box


def subjects(box):
    done(box.select("INBOX"))
    answer = done(box.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])"))[1]
    return {m.group(1).strip() for m in (re.search(rb"(?i)Subject: (.*)", part[1]) for part in answer if isinstance(part, tuple)) if m}


def names(lines):
    """Of the answers to LIST or LSUB, without what is only a level."""
    found = (re.match(rb'\(([^)]*)\) "\." (.*)$', line) for line in lines if line)
    return sorted(m.group(2).strip(b'"').decode() for m in found if not re.search(rb"(?i)\\(noselect|nonexistent)", m.group(1)))


def subscribed(lines):
    """RFC 3501 6.3.9: those that are gone are subscribed all the same, whatever attribute they have."""
    return sorted(re.match(rb'\([^)]*\) "\." (.*)$', line).group(1).strip(b'"').decode() for line in lines if line)


def state(side, known):
    """@param known the octets of each message by mailbox, UIDVALIDITY and UID, which are never another's (RFC 3501 2.3.1.1)"""
    box = session(side)
    folders = {name: folder(box, name) for name in names(done(box.list())[1])}
    found = {"subscribed": subscribed(done(box.lsub())[1]), "folders": folders}
    box.logout()
    for name, each in folders.items():
        for uid, message in each["messages"].items():
            was = known.setdefault((name, each["UIDVALIDITY"], uid), message["octets"])
            if was != message["octets"]:
                raise AssertionError("%s: UID %d of %s was another message's" % (side.name, uid, name))
    return found


def folder(box, name):
    status = done(box.status('"%s"' % name, "(UIDNEXT UIDVALIDITY)"))[1][0].decode()
    numbers = {key: int(value) for key, value in re.findall(r"(UID[A-Z]+) (\d+)", status[status.rindex("("):])}
    count = int(done(box.select('"%s"' % name, readonly=True))[1][0])
    found = {}
    if count:
        answer = done(box.fetch("1:*", "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])"))[1]
        # Of each message: what stands in front of the literal, the literal, what stands behind it.
        for (front, raw), behind in zip(answer[::2], answer[1::2]):
            uid, one = message(front + b" " + behind, raw)
            found[uid] = one
    return dict(numbers, messages=found)


def message(told, raw):
    flags = re.search(rb"FLAGS \(([^)]*)\)", told).group(1).decode().split()
    return int(re.search(rb"UID (\d+)", told).group(1)), {
        "flags": sorted(f.lower() for f in flags if f != r"\Recent"),
        "date": instant(re.search(rb'INTERNALDATE "([^"]*)"', told).group(1).decode()),
        "size": int(re.search(rb"RFC822.SIZE (\d+)", told).group(1)),
        "octets": hashlib.sha256(raw).hexdigest(),
    }


def instant(date):
    """Seconds since 1970 of a date-time, RFC 3501 9."""
    day, month, year, clock, zone = re.match(r" ?(\d+)-(\w+)-(\d+) (\S+) (\S+)", date).groups()
    local = time.strptime("%s %d %s %s" % (day, MONTHS.index(month) + 1, year, clock), "%d %m %Y %H:%M:%S")
    east = (int(zone[1:3]) * 60 + int(zone[3:])) * 60
    return calendar.timegm(local) - (east if zone[0] == "+" else -east)


def allow(before, after, special):
    """An account has a mailbox for each special use, made and subscribed to when it is first opened; one that is there already stays as it is."""
    for name in special - set(before["folders"]):
        if after["folders"].get(name, {"messages": 1})["messages"]:
            raise AssertionError("%s is not made, or not empty" % name)
        before["folders"][name] = after["folders"][name]
        before["subscribed"] = sorted(before["subscribed"] + [name])


def same(when, before, after):
    """Raises with what differs."""
    differ(when, "subscriptions", before["subscribed"], after["subscribed"])
    differ(when, "mailboxes", sorted(before["folders"]), sorted(after["folders"]))
    for name, then in before["folders"].items():
        now = after["folders"][name]
        for key in ("UIDVALIDITY", "UIDNEXT"):
            differ(when, "%s of %s" % (key, name), then[key], now[key])
        differ(when, "UIDs of " + name, sorted(then["messages"]), sorted(now["messages"]))
        for uid, was in then["messages"].items():
            differ(when, "message %d of %s" % (uid, name), was, now["messages"][uid])


def differ(when, what, before, after):
    if before == after:
        return
    if isinstance(before, dict):
        for key in before:
            differ(when, "%s of %s" % (key, what), before[key], after.get(key))
    raise AssertionError("%s: %s were or was %r, now %r" % (when, what, before, after))
