#!/usr/bin/env python3
"""Runs the README's commands, in its order, and holds its copy of the example plug-in against the source."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from posthorn import ROOT, wait_for

with open(os.path.join(ROOT, "README.md")) as f:
    README = f.read()


def chapter(title):
    return re.search(r"^## %s\n(.*?)(?=^## |\Z)" % re.escape(title), README, re.M | re.S).group(1)


def blocks(title, language="sh"):
    return re.findall(r"^```%s\n(.*?)^```" % language, chapter(title), re.M | re.S)


def commands(block):
    return [line for line in block.splitlines() if line.strip()]


class Reader:
    """One who types what the README says, in a folder that looks like the checkout."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="posthorn-readme-")
        for name in ("bundles", "distribution", "itests"):
            os.symlink(os.path.join(ROOT, name), os.path.join(self.folder, name))
        self.cwd = self.folder
        self.password = ""

    def type(self, line, patient=False, check=True):
        """Runs one line; patiently: mail takes a moment to come."""
        line = line.replace("PASSWORD", self.password)
        if line.startswith("cd "):
            self.cwd = os.path.join(self.cwd, line[3:])
            return ""
        if line.split("#")[0].strip() == "bin/posthorn shell":
            line = "echo exit | script -qec 'bin/posthorn shell' /dev/null"
        end = time.monotonic() + (15 if patient else 0)
        while True:
            done = subprocess.run(["bash", "-c", line], cwd=self.cwd, capture_output=True, text=True, timeout=300)
            if done.returncode == 0 or time.monotonic() > end:
                break
            time.sleep(0.2)
        print("$ %s\n%s" % (line, (done.stdout + done.stderr)[-400:].strip()), flush=True)
        if check and done.returncode != 0:
            raise SystemExit("the README's command failed with %d: %s" % (done.returncode, line))
        return done.stdout + done.stderr


def first_command(line):
    """Runs it as a user does, in the checkout, until the server says that it is up."""
    shutil.rmtree(os.path.join(ROOT, "distribution", "target", "run"), ignore_errors=True)
    server = subprocess.Popen(["bash", "-c", "exec " + line], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                              start_new_session=True)
    told = ""
    for printed in server.stdout:
        sys.stdout.write(printed)
        told += printed
        if "Try next" in printed:
            break
    else:
        raise SystemExit("the README's first command ended without a server")
    return server, told


def main():
    with open(os.path.join(ROOT, "bundles/filter-example/src/main/java/org/posthorn/filter/example/ExampleFilter.java")) as f:
        if f.read() not in blocks("Write a plug-in", "java"):
            raise SystemExit("the README's copy of the example differs from its source")
    build, test = [commands(b)[0] for b in blocks("Start it, test it")]
    print("$ %s\n(run by itself, before this)" % test)
    server, told = first_command(build)
    reader = Reader()
    try:
        reader.password = re.search(r"demo@\S+\D*?\bpassword:?\s+(\S+)", told).group(1)
        for line in commands(blocks("The first mail")[0]):
            reader.type(line, patient=True)
        plugin = commands(blocks("Write a plug-in")[0])
        for line in plugin[:-1]:
            reader.type(line)
        wanted = re.search(r"^< (.*)$", chapter("Write a plug-in"), re.M).group(1)
        wait_for(lambda: wanted in reader.type(plugin[-1], check=False), 15, 0.5)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()
    for line in commands(blocks("Run it for a domain")[0]):
        reader.type(line)
    reader.type("bin/posthorn stop")
    shutil.rmtree(reader.folder)
    shutil.rmtree(os.path.join(ROOT, "distribution", "target", "run"), ignore_errors=True)
    print("the README's commands do what it says")


if __name__ == "__main__":
    main()
