"""A big mbox that another program wrote, and that goes on writing: what it costs to open, to read and to flag, and that nothing is lost."""

import fcntl
import imaplib
import multiprocessing
import os
import re
import threading
import time

APPENDED = 20


def say(line):
    print(line, flush=True)


def mail(n, octets):
    line = b"%07d %s\n" % (n, b"x" * 66)
    head = b"From far@elsewhere.test Thu Nov 24 18:22:48 1986\nFrom: far@elsewhere.test\nSubject: mail %d\nX-Number: %d\n\n" % (n, n)
    return head + line * max(1, octets // len(line)) + b"\n"


def write(path, mib):
    """As an archive of years looks: no field of ours in it. @return how many mails"""
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    with open(path, "wb") as f:
        n = 0
        while f.tell() < mib << 20:
            f.write(mail(n, 64 << 10))
            n += 1
    return n


def append(path, first, count=APPENDED):
    """As procmail and mutt deliver: the dot-lock, then fcntl, then the mail at the end."""
    lock = path + ".lock"
    for n in range(first, first + count):
        while True:
            try:
                os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            except FileExistsError:
                time.sleep(0.02)
                continue
            try:
                with open(path, "r+b") as f:
                    # Whoever has the one lock and waits for the other gives it back, or two would wait for each other.
                    fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    f.seek(0, os.SEEK_END)
                    f.write(mail(n, 2000))
                    f.flush()
                break
            except BlockingIOError:
                time.sleep(0.02)
            finally:
                os.unlink(lock)
        time.sleep(0.05)


class Cost:
    """Seconds, and octets that the process has read and written by system calls, of each step."""

    def __init__(self, server, mib):
        self.server, self.mib = server, mib

    def octets(self):
        with open("/proc/%d/io" % self.server.pid()) as f:
            return [int(v) >> 20 for v in re.findall(r"[rw]char: (\d+)", f.read())]

    def of(self, what, step):
        before, begin = self.octets(), time.monotonic()
        result = step()
        seconds, after = time.monotonic() - begin, self.octets()
        say("  %-38s %7.2f s, %6d MiB read, %6d MiB written" % (what, seconds, after[0] - before[0], after[1] - before[1]))
        return result


def done(answer):
    if answer[0] != "OK":
        raise AssertionError(answer)
    return answer[1]


def numbers(box):
    """Of all mails, in their order."""
    answer = done(box.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (X-NUMBER)])"))
    return [int(re.search(rb"X-Number: (\d+)", part[1]).group(1)) for part in answer if isinstance(part, tuple)]


def flag_on(box, stop, failures):
    """A client that works while the other program appends."""
    try:
        n = 0
        while not stop.is_set():
            count = int(done(box.select("INBOX"))[0])
            done(box.store(str(count - n % 3), "+FLAGS", r"(\Flagged round%d)" % n))
            done(box.fetch(str(1 + n % count), "(BODY.PEEK[])"))
            n += 1
    except Exception as e:
        failures.append(e)


def run(s, user, mib):
    path = os.path.join(s.data, "mail", *reversed(user.split("@")), "mbox")
    s.set("org.posthorn.mailbox", formats=user + "=mbox")
    count = write(path, mib)
    s.start()
    cost = Cost(s, mib)
    box = imaplib.IMAP4("127.0.0.1", s.port("imap"), timeout=3600)
    done(box.login(user, "secret"))
    say("an mbox of %d MiB, %d mails" % (os.path.getsize(path) >> 20, count))
    good = int(cost.of("opened", lambda: done(box.select("INBOX")))[0]) == count
    for name, n in (("first", 0), ("last", count - 1)):
        raw = cost.of("FETCH of the %s mail" % name, lambda: done(box.fetch(str(n + 1), "(BODY.PEEK[])"))[0][1])
        good &= raw == mail(n, 64 << 10).split(b"\n", 1)[1][:-1].replace(b"\n", b"\r\n")
    cost.of("first flag, on the last mail", lambda: done(box.store(str(count), "+FLAGS", r"(\Seen)")))
    cost.of("the second there", lambda: done(box.store(str(count), "+FLAGS", r"(\Flagged)")))
    cost.of("first flag, on the first mail", lambda: done(box.store("1", "+FLAGS", r"(\Seen)")))
    cost.of("the second there", lambda: done(box.store("1", "+FLAGS", r"(\Answered)")))
    other = multiprocessing.Process(target=append, args=(path, count))
    stop, failures = threading.Event(), []
    client = threading.Thread(target=flag_on, args=(box, stop, failures))
    client.start()
    other.start()
    other.join(600)
    stop.set()
    client.join()
    if failures:
        raise failures[0]
    good &= other.exitcode == 0
    done(box.select("INBOX"))
    found = cost.of("number of each mail", lambda: numbers(box))
    say("%d mails, %d of them appended by another program while a client read and flagged; in order, each once: %s"
        % (len(found), APPENDED, found == list(range(count + APPENDED))))
    flags = done(box.fetch("1", "(FLAGS)"))[0]
    return good and found == list(range(count + APPENDED)) and b"\\Seen" in flags and b"\\Answered" in flags
