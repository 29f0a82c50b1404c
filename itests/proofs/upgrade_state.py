"""What two mailbox owners have, as IMAP and POP3 tell it: filled before the upgrade, held against it afterwards."""

import hashlib
import imaplib
import poplib
import re

LOGINS = {"ann@up.test": "secret", "bob@up.test": "pa$s {w}ord"}
DATE = '"17-Jul-1996 02:44:25 -0700"'
FOREIGN = "Gr&APwA3w-e"


def session(s, who, password):
    box = imaplib.IMAP4("127.0.0.1", s.port("imap"), timeout=30)
    box.login(who, password)
    return box


def with_messages(s, who, password, count):
    """A session, when that many mails have come."""
    box = session(s, who, password)
    if int(box.select("INBOX")[1][0]) >= count:
        return box
    box.logout()
    return None


def done(answer):
    if answer[0] != "OK":
        raise AssertionError(answer)
    return answer


def live(box):
    """What people do with mail."""
    for name in ("Work", "Work.2026", '"%s"' % FOREIGN, "Gone"):
        done(box.create(name))
    done(box.subscribe("Work.2026"))
    done(box.unsubscribe("Trash"))
    done(box.append("Work.2026", r"(\Seen $Label1 Urgent)", DATE, b"Subject: appended\r\n\r\nby hand\r\n"))
    done(box.append('"%s"' % FOREIGN, r"(\Draft)", DATE, b"Subject: draft\r\n\r\n" + b"From here\r\n.dot\r\n" * 5000))
    done(box.store("1:3", "+FLAGS", r"(\Seen \Answered)"))
    done(box.store("2", "+FLAGS", r"(\Flagged $Forwarded Urgent)"))
    done(box.copy("4", "Work"))
    done(box._simple_command("MOVE", "5", "Archive"))
    done(box.store("6,12", "+FLAGS", r"(\Deleted)"))
    done(box.expunge())
    done(box.store("6", "+FLAGS", r"(\Deleted)"))
    done(box.delete("Gone"))
    done(box.rename("Work", "Works"))


def names(lines):
    return sorted(line.decode() for line in lines if line)


def folder(line):
    return re.search(rb'"\." (.*)$', line).group(1).decode()


def account(s, who, password):
    box = session(s, who, password)
    folders = {folder(line): messages(box, folder(line)) for line in done(box.list())[1] if b"\\Noselect" not in line}
    found = {"list": names(box.list()[1]), "subscribed": names(box.lsub()[1]), "folders": folders}
    box.logout()
    return found


def messages(box, name):
    status = done(box.status(name, "(MESSAGES UIDNEXT UIDVALIDITY UNSEEN HIGHESTMODSEQ)"))[1][0].decode()
    numbers = {key: int(value) for key, value in re.findall(r"([A-Z]+) (\d+)", status[status.rindex("("):])}
    done(box.select(name, readonly=True))
    found = {}
    if numbers["MESSAGES"]:
        answer = done(box.fetch("1:*", "(UID FLAGS INTERNALDATE RFC822.SIZE MODSEQ BODY.PEEK[])"))[1]
        # Of each message: what stands in front of the literal, the literal, what stands behind it.
        for (front, raw), behind in zip(answer[::2], answer[1::2]):
            one = message(front + b" " + behind, raw)
            found[one.pop("uid")] = one
    numbers["messages"] = found
    return numbers


def message(told, raw):
    flags = re.search(rb"FLAGS \(([^)]*)\)", told).group(1).decode().split()
    return {
        "uid": int(re.search(rb"UID (\d+)", told).group(1)),
        "flags": sorted(f for f in flags if f != r"\Recent"),
        "date": re.search(rb'INTERNALDATE ("[^"]*")', told).group(1).decode(),
        "size": int(re.search(rb"RFC822.SIZE (\d+)", told).group(1)),
        "modseq": int(re.search(rb"MODSEQ \((\d+)\)", told).group(1)),
        "octets": hashlib.sha256(raw).hexdigest(),
        "number": int((re.search(rb"X-Ledger: (\d+)", raw) or [0, -1])[1]),
    }


def uidl(s, who, password):
    pop = poplib.POP3("127.0.0.1", s.port("pop3"), timeout=30)
    pop.user(who)
    pop.pass_(password)
    found = pop.uidl()[1]
    pop.quit()
    return found


def numbers(s, who, password):
    """The ledger's numbers of what lies in INBOX."""
    box = session(s, who, password)
    found = [m["number"] for m in messages(box, "INBOX")["messages"].values()]
    box.logout()
    return found


def same(who, before, after):
    """Raises with what differs. Counts may have grown; what is known of a message has not changed, but for a MODSEQ that is higher."""
    for key in ("list", "subscribed"):
        differ(who, key, before[key], after[key])
    differ(who, "mailboxes", sorted(before["folders"]), sorted(after["folders"]))
    for name, then in before["folders"].items():
        now = after["folders"][name]
        for key in ("MESSAGES", "UNSEEN", "UIDVALIDITY"):
            differ(who, "%s of %s" % (key, name), then[key], now[key])
        for key in ("UIDNEXT", "HIGHESTMODSEQ"):
            if now[key] < then[key]:
                differ(who, "%s of %s" % (key, name), then[key], now[key])
        differ(who, "UIDs of " + name, sorted(then["messages"]), sorted(now["messages"]))
        for uid, was in then["messages"].items():
            held = now["messages"][uid]
            differ(who, "message %d of %s" % (uid, name), dict(was, modseq=0), dict(held, modseq=0))
            if held["modseq"] < was["modseq"]:
                differ(who, "MODSEQ of message %d of %s" % (uid, name), was["modseq"], held["modseq"])


def differ(who, what, before, after):
    if before != after:
        raise AssertionError("%s: %s was %r and is %r" % (who, what, before, after))


def without(state, numbers):
    """The same less the mails of those numbers."""
    for who, account in state["mailboxes"].items():
        inbox = account["folders"]["INBOX"]
        gone = [uid for uid, m in inbox["messages"].items() if m["number"] in numbers]
        for uid in gone:
            inbox["UNSEEN"] -= "\\Seen" not in inbox["messages"].pop(uid)["flags"]
        inbox["MESSAGES"] -= len(gone)
        if gone:
            state["POP3"][who] = state["POP3"][who][:-len(gone)]
    return state
