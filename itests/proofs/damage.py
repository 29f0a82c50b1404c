"""Damaged files under a server that was stopped: after each kind it starts, says what was wrong in one line, and has all else whole."""

import glob
import imaplib
import json
import os
import shutil
import tempfile
import time

import ledger
from posthorn import wait_for

USER = "u@bench.test"


def said(s, since, words):
    """The lines about it since the start; the log is as long as it was then."""
    return [line for line in s.log()[since:].splitlines() if words in line]


def restart(s):
    since = len(s.log())
    s.start()
    return since


def must(truth, what):
    if not truth:
        raise AssertionError(what)
    print("  " + what, flush=True)


def session(s):
    box = imaplib.IMAP4("127.0.0.1", s.port("imap"), timeout=20)
    box.login(USER, "secret")
    return box


def queue_files(s):
    """Mail waits for a smarthost that is not there; the file of one is cut in two."""
    numbers = range(1, 4)
    client = ledger.Session(s.port("smtp"))
    s.exec("alias:add far@bench.test far@elsewhere.test")
    for n in numbers:
        client.mail(ledger.make(n), "far@bench.test")

    def waiting():
        return json.loads(s.exec("queue:list", json=True).stdout or "[]")

    wait_for(lambda: len(glob.glob(os.path.join(s.data, "queue", "[!.]*"))) >= 3 and len(waiting()) == 3)
    s.stop()
    files = [f for f in glob.glob(os.path.join(s.data, "queue", "*")) if os.path.isfile(f)]
    cut = max(files)
    os.truncate(cut, os.path.getsize(cut) // 2)
    since = restart(s)
    must(len(said(s, since, "The queue file of %s cannot be read" % os.path.basename(cut))) == 1, "one line names the queue file that was cut")
    must(len(waiting()) >= 2, "the two others wait as before")
    must(os.listdir(os.path.join(s.data, "queue", "damaged")), "the one that was cut is set aside")
    wait_for(lambda: len(waiting()) == 3, 60)
    print("  its mail waits again, as the spool has noted", flush=True)
    kept = glob.glob(os.path.join(s.data, "spool", "deferred", "*"))
    bodies = [open(f, "rb").read() for f in kept]
    must(all(any(b.endswith(ledger.make(n)) for b in bodies) for n in numbers), "the octets of all three are there")


def number_before(octets, place):
    at = octets.rfind(b"X-Ledger: ", 0, place)
    return int(octets[at + 10:octets.index(b"\r\n", at)])


def segments(s):
    return sorted(glob.glob(os.path.join(s.data, "spool", "journal", "*.seg")))


def flip(path):
    """Spoils a mail in the middle of the segment; its number."""
    with open(path, "r+b") as f:
        octets = f.read()
        at = octets.index(b"X-Ledger: ", len(octets.rstrip(b"\0")) // 2) + 500
        f.seek(at)
        f.write(bytes(255 - b for b in octets[at:at + 20]))
    return number_before(octets, at)


def cut(path):
    """Ends the segment in the middle of its last record; the number of the mail that this may be."""
    with open(path, "rb") as f:
        octets = f.read()
    end = len(octets.rstrip(b"\0")) - 3
    os.truncate(path, end)
    return number_before(octets, end)


def journal(s, spoil, words):
    """kill -9 in the middle of a load, then damage."""
    folder = tempfile.mkdtemp(prefix="posthorn-ledger-")
    try:
        # Numbers of each round are its own, so that what lies on the shelf already is no double.
        first = 1_000_000 * (1 + len(segments(s)) + len(s.log()) % 1000)
        running = ledger.load(s.port("smtp"), first, 1_000_000, 4, folder)
        time.sleep(1.5)
        s.kill()
        for p in running:
            p.join()
        hurt = spoil(segments(s)[-1])
        accepted = ledger.read(folder)[1]
        since = restart(s)
        must(len(said(s, since, words)) == 1, "one line of the journal: " + words)

        def missing():
            return accepted - ledger.held(s.shelf(USER))[0].keys() - {hurt}

        wait_for(lambda: not missing(), 60, 0.5)
        counts, altered = ledger.held(s.shelf(USER))
        doubled = {n for n, c in counts.items() if c > 1 and n >= first}
        must(not altered and len(doubled - {hurt}) <= 1,
             "%d accepted, all on the shelf but perhaps the one that was hurt (%s), %d doubled"
             % (len(accepted), "there" if hurt in counts else "gone", len(doubled)))
    finally:
        shutil.rmtree(folder)


def odd_names(s):
    """Names in cur/ and new/ that no server of mail would choose, and what is no mail at all."""
    whole = ledger.held(s.shelf(USER))[0]
    s.stop()
    box = os.fsencode(s.maildir(USER))
    mail = b"Subject: odd\r\n\r\nodd\r\n"
    odd = [b"1:2,ZZ!?\x01S", b"2:2,", b"3:2,S:2,F", b"4:1,x", b":2,S", b"5,S=abc,W=-9999999999999999999:2,S", b"6,S=1:2,S",
           b"new\nline", b"bell\x07\x1b[2J", b"7 ;\"'$(x)", b"8" * 255, b"9:2," + b"S" * 200,
           b"\xff\xfe\x80:2,S"]
    for n, name in enumerate(odd):
        with open(os.path.join(box, b"new" if n % 2 else b"cur", name), "wb") as f:
            f.write(mail)
    for place in (b"new", b"cur"):
        os.mkdir(os.path.join(box, place, b"folder:2,S"))
        os.symlink(b"/etc/passwd", os.path.join(box, place, b"link:2,S"))
        os.symlink(b"nowhere", os.path.join(box, place, b"dangling"))
        os.mkfifo(os.path.join(box, place, b"fifo:2,S"))
        open(os.path.join(box, place, b"empty"), "w").close()
    restart(s)
    imap = session(s)
    count = int(imap.select("INBOX")[1][0])
    # The empty files may or may not be mails.
    must(count >= sum(whole.values()) + len(odd), "all %d files with odd names are mails (of %d)" % (len(odd), count))
    fetched = imap.fetch(b"1:*", "(UID FLAGS RFC822.SIZE)")[1]
    must(len([f for f in fetched if f]) == count, "each is listed")
    found = imap.search(None, "SUBJECT", "odd")[1][0].split()
    must(len(found) == len(odd), "each is found (%d)" % len(found))
    for n in found:
        must_quietly(imap.fetch(n, "(BODY.PEEK[])")[1][0][1] == mail, "an odd one is whole")
    must(imap.search(None, "BODY", "root:x:")[1][0] == b"", "no link leads out of the mailbox")
    marked = [n for n in found if imap.store(n, "+FLAGS", "(\\Flagged \\Deleted)")[0] == "OK"]
    must(len(marked) == len(odd), "%d of them can be flagged" % len(marked))
    must(imap.expunge()[0] == "OK" and int(imap.select("INBOX")[1][0]) == count - len(marked), "and expunged")
    imap.logout()
    must(os.path.isdir(os.path.join(box, b"new", b"folder:2,S")), "what is no mail is left alone")
    counts, altered = ledger.held([f for f in s.shelf(USER) if os.path.isfile(f) and not os.path.islink(f)])
    must(counts == whole and not altered, "the %d good ones are whole" % sum(whole.values()))


def must_quietly(truth, what):
    if not truth:
        raise AssertionError(what)


def nested(levels, kind):
    out = []
    for n in range(levels):
        if kind == "message":
            out.append("Content-Type: message/rfc822\r\n\r\n")
        else:
            out.append('Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n))
    return ("".join(out) + "Content-Type: text/plain\r\n\r\nat the bottom\r\n").encode()


BROKEN = {
    "10,000 multiparts": nested(10_000, "multipart"),
    "10,000 messages": nested(10_000, "message"),
    "a boundary that does not come": b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--y\r\n\r\nno end\r\n',
    "a boundary that does not end": b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n\r\nno end\r\n--x',
    "no boundary": b"Content-Type: multipart/mixed\r\n\r\n--\r\n\r\n--\r\n",
    "an empty boundary": b'Content-Type: multipart/mixed; boundary=""\r\n\r\n--\r\n\r\n--\r\n----\r\n',
    "100,000 parts": b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\n" * 100_000,
    "a header of 8 MiB": b"Subject: x\r\n" + b"X-Long: " + b"y" * (4 << 20) + b"\r\n" + b"X: y\r\n" * (1 << 19) + b"\r\nbody\r\n",
    "a subject of 1 MiB": b"Subject: " + b"=?utf-8?q?x?= " * 75_000 + b"\r\nTo: " + b"(" * 100_000 + b"\r\n\r\nbody\r\n",
    "addresses without end": b"To: " + b"a@b, g: " * 50_000 + b"\r\nFrom: <<<<<\"\r\nSubject: \xff\r\n\r\nbody\r\n",
    "no header": b"\r\nbody only\r\n",
    "no line end": b"Subject: x",
    "nothing but NUL": b"\0" * 5000,
    "a type that is none": b"Content-Type: ;;;=/;\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: =\"\r\n\r\n!!!!\r\n",
}

ASKED = ["(ENVELOPE)", "(BODYSTRUCTURE)", "(BODY)", "(BODY.PEEK[HEADER])", "(BODY.PEEK[HEADER.FIELDS (SUBJECT TO)])", "(BODY.PEEK[1])",
         "(BODY.PEEK[1.1.1.1.1.MIME])", "(BODY.PEEK[%s])" % ".".join(["1"] * 500), "(BODY.PEEK[TEXT]<10.20>)"]


def answered(imap, n, asked):
    """All of it is told but a section that is too deep for any mail, which is beyond a limit."""
    word, told = imap.fetch(str(n), asked)
    return word == "OK" or asked.count(".") > 100 and word == "NO" and told[0].startswith(b"[LIMIT]")


def broken_mime(s):
    s.exec("user:add mime@bench.test secret")
    place = os.path.join(s.maildir("mime@bench.test"), "new")
    os.makedirs(place, exist_ok=True)
    imap = imaplib.IMAP4("127.0.0.1", s.port("imap"), timeout=20)
    imap.login("mime@bench.test", "secret")
    slowest = 0
    for n, (what, raw) in enumerate(BROKEN.items()):
        with open(os.path.join(place, "%d.M%d.broken" % (1000 + n, n)), "wb") as f:
            f.write(raw)
        must_quietly(int(imap.select("INBOX")[1][0]) == n + 1, what + " is a mail")
        for asked in ASKED:
            begin = time.monotonic()
            must_quietly(answered(imap, n + 1, asked), "%s: %s is answered" % (what, asked))
            slowest = max(slowest, time.monotonic() - begin)
        must_quietly(imap.search(None, "TEXT", '"nothing like it"')[0] == "OK", what + " can be searched")
        whole = imap.fetch(str(n + 1), "(BODY.PEEK[])")[1][0][1]
        # NUL is told as 0x80: no literal of BODY may hold it, RFC 9051 9.
        came = raw.replace(b"\r\n", b"\n").replace(b"\0", b"\x80")
        must_quietly(whole.replace(b"\r\n", b"\n") == came, what + " is as it came")
    imap.logout()
    must(slowest < 5, "%d broken mails told about by IMAP, the slowest answer after %.2f s" % (len(BROKEN), slowest))


def run(s):
    s.set("org.posthorn.queue", store="file")
    s.set("org.posthorn.routing", smarthost="127.0.0.1:1", smarthostTls="never")
    s.start()
    for what in (queue_files, lambda s: journal(s, flip, "damaged in 1 place"), lambda s: journal(s, cut, "unfinished write"),
                 odd_names, broken_mime):
        begin = time.monotonic()
        what(s)
        print("  (%.1f s)" % (time.monotonic() - begin), flush=True)
    return s.command("status", check=False).returncode == 0
