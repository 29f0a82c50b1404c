"""The server's parts as an administrator sees them: what runs, another version of each, and the swap of one for the other."""

import glob
import json
import os
import re
import shutil
import socket
import time
import zipfile

# What everything else is held by: a restart replaces it.
KERNEL = ("org.posthorn.api", "org.posthorn.net", "org.posthorn.http")


def shipped(home):
    """The jars of our bundles by symbolic name, without the kernel."""
    jars = glob.glob(os.path.join(home, "repository", "org", "posthorn", "*", "*", "*.jar"))
    parts = {os.path.basename(os.path.dirname(os.path.dirname(jar))): jar for jar in jars}
    return {name: jar for name, jar in sorted(parts.items()) if name not in KERNEL}


def version_of(jar):
    with zipfile.ZipFile(jar) as z:
        return re.search(r"Bundle-Version: *(\S+)", z.read("META-INF/MANIFEST.MF").decode()).group(1)


def another(jar, target, qualifier, change=lambda name, content: content):
    """The same bundle under another version, or with something changed in its files. @return that version"""
    version = "%s.%s" % (version_of(jar), qualifier)
    with zipfile.ZipFile(jar) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "META-INF/MANIFEST.MF":
                content = re.sub(rb"Bundle-Version: *\S+", b"Bundle-Version: " + version.encode(), content)
            new.writestr(entry, change(entry.filename, content))
    return version


def ask(server, command, timeout=120):
    """A command by the control channel, without a process for it. @return exit code, output, errors"""
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(timeout)
        s.connect(os.path.join(server.data, "run", "control.sock"))
        raw = command.encode()
        s.sendall(b"EXEC 1\njson: true\ncwd: /\nlength: %d\n\n%s" % (len(raw), raw))
        s.shutdown(socket.SHUT_WR)
        lines, said = s.makefile("rb"), {b"O": b"", b"E": b""}
        while True:
            kind, _, number = lines.readline().partition(b" ")
            if kind == b"X":
                return int(number), said[b"O"].decode(), said[b"E"].decode()
            if kind not in said:
                raise ConnectionError("the control channel broke off behind %r" % said)
            said[kind] += lines.read(int(number))


def running(server, name):
    """The versions of a bundle that run."""
    code, out, err = ask(server, "bundle:list " + name)
    if code:
        raise AssertionError(err)
    return [b["version"] for b in json.loads(out) if b["name"] == name and b["state"] == "active"]


def await_version(server, name, wanted, seconds=90):
    """Returns when that version alone runs."""
    end = time.monotonic() + seconds
    while True:
        try:
            if running(server, name) == [wanted]:
                return
        except (ConnectionError, FileNotFoundError):
            if name != "org.posthorn.shell":
                raise
        if time.monotonic() > end:
            raise AssertionError("%s %s does not run alone within %d s; the log ends:\n%s" % (name, wanted, seconds, server.log()[-4000:]))
        time.sleep(0.02)


def swap(server, name, jar, version):
    """By the command. @return seconds until the old one is gone"""
    begin = time.monotonic()
    code, _, err = ask(server, "bundle:swap %s %s" % (name, jar))
    if code:
        raise AssertionError(err)
    await_version(server, name, version)
    return time.monotonic() - begin


def drop(server, name, jar, version):
    """By deploy/."""
    begin = time.monotonic()
    target = os.path.join(server.home, "deploy", name + ".jar")
    shutil.copy(jar, target + ".part")
    os.replace(target + ".part", target)
    await_version(server, name, version)
    return time.monotonic() - begin
