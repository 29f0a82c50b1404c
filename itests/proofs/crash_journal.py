"""What stands in the journal's segments, as bundles/spool/README.md has it; for proofs that damage them."""

import glob
import os
import re
import struct

HEAD, FRAME = 32, 16
MAIL = 1


class Record:
    """@param start of its frame @param number of the mail in the ledger; -1 for none of ours"""

    def __init__(self, path, start, end, kind, id, number):
        self.path, self.start, self.end, self.kind, self.id, self.number = path, start, end, kind, id, number

    def hit(self, begin, end):
        return self.start < end and begin < self.end


def records(spool):
    """All records of all segments, in order."""
    found, numbers = [], {}
    for path in sorted(glob.glob(os.path.join(spool, "journal", "*.seg"))):
        with open(path, "rb") as f:
            octets = f.read()
        at, mark = HEAD, octets[16:24]
        while octets[at:at + 8] == mark:
            length = struct.unpack(">I", octets[at + 8:at + 12])[0]
            body = octets[at + FRAME:at + FRAME + length]
            kind = body[0]
            id = struct.unpack(">Q", body[5:13] if kind == MAIL else body[1:9])[0]
            if kind == MAIL:
                numbers[id] = ledger_number(body) if b"X-Ledger: " in body else large_number(spool, id)
            found.append(Record(path, at, at + FRAME + length, kind, id, numbers.get(id, -1)))
            at += FRAME + length
    return found


def ledger_number(octets):
    at = re.search(rb"X-Ledger: (\d+)", octets)
    return int(at.group(1)) if at else -1


def queue_id(number):
    """As files are named after it: thirteen digits of Crockford's base 32."""
    return "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[number >> 5 * place & 31] for place in range(12, -1, -1))


def large_number(spool, id):
    try:
        with open(os.path.join(spool, "large", queue_id(id)), "rb") as f:
            return ledger_number(f.read(4096))
    except FileNotFoundError:
        # Settled by now.
        return -1
