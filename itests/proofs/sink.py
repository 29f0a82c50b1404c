"""A receiving end that is not always well: it answers 4xx, hangs up, or hangs up behind the last byte; it keeps a ledger of its own."""

import random
import re
import socketserver
import threading
import time


class Sink:
    """Listens on 127.0.0.1 in threads of its own. `got`: times at which a number came whole; `bounced`: the same for reports; `cut`: numbers whose answer was kept back."""

    def __init__(self, seed=1, trouble=0.2, in_turn=False):
        """@param trouble share of steps at which something goes wrong @param in_turn each second recipient is put off, and nothing else goes wrong"""
        self.random, self.trouble, self.lock = random.Random(seed), 0 if in_turn else trouble, threading.Lock()
        self.in_turn, self.asked = in_turn, 0
        self.got, self.bounced, self.cut = {}, {}, set()
        sink = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self):
                try:
                    sink.serve(self.rfile, self.wfile)
                except OSError:
                    # The server was killed in the middle.
                    return

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads, allow_reuse_address, request_queue_size = True, True, 100

        self.server = Server(("127.0.0.1", 0), Session)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def draw(self):
        with self.lock:
            return self.random.random() / self.trouble if self.trouble else 1

    def put_off(self):
        with self.lock:
            self.asked += 1
            if self.in_turn:
                return self.asked % 2 == 1
        return self.draw() < 0.4

    def serve(self, lines, out):
        def say(text):
            out.write(text.encode() + b"\r\n")

        say("220 sink.test")
        sender = ""
        while True:
            line = lines.readline()
            if not line:
                return
            verb = line[:4].upper()
            if verb == b"MAIL":
                sender = line.decode(errors="replace")
                if self.draw() < 0.2:
                    return
                say("250 ok")
            elif verb == b"RCPT":
                if b"gone@" in line.lower():
                    say("550 5.1.1 nobody here")
                elif self.put_off():
                    say("451 4.3.0 later")
                else:
                    say("250 ok")
            elif verb == b"DATA":
                say("354 go on")
                if not self.data(lines, say, sender):
                    return
            elif verb == b"EHLO":
                say("250-sink.test\r\n250 8BITMIME")
            elif verb == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")

    def data(self, lines, say, sender):
        raw = []
        while True:
            line = lines.readline()
            if not line:
                return False
            if line == b".\r\n":
                break
            raw.append(line[1:] if line.startswith(b".") else line)
        found = re.search(rb"X-Ledger: (\d+)", b"".join(raw))
        number = int(found.group(1)) if found else -1
        cut = self.draw() < 0.2
        with self.lock:
            (self.bounced if "<>" in sender else self.got).setdefault(number, []).append(time.time())
            if cut:
                self.cut.add(number)
        if cut:
            return False
        say("250 taken")
        return True
