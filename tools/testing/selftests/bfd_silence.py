#!/usr/bin/python3 -ES
# SPDX-License-Identifier: GPL-2.0
"""Find out from a capture which end caused a BFD session to end.

usage: bfd_silence.py FILE NEAR DETECTION_MS

FILE is a capture, with nanoseconds, of one session's control packets over IPv4
and Ethernet. NEAR is the address of one end. The program counts the packets in
which an end is the first to say that its detection time expired. It prints four
numbers: the near end's packets after the far end was silent for the detection
time, the near end's packets without such a silence, and the same two for the
far end.
"""
import ipaddress
import struct
import sys

DOWN, UP = 1, 3
EXPIRED = 1     # diagnostic


class End:
    def __init__(self):
        self.state = UP
        self.last = self.resumed = float("-inf")
        self.after_silence = self.after_none = 0

    def says(self, when, state, diag, other, detection):
        if when - self.last >= detection:
            self.resumed = when
        if self.state == other.state == UP and \
                (state, diag) == (DOWN, EXPIRED):
            # Packets that followed the silence came too late
            if when - other.last >= detection or \
                    when - other.resumed < detection:
                self.after_silence += 1
            else:
                self.after_none += 1
        self.last = when
        self.state = state


def packets(file):
    """Yield time, source, state and diagnostic of each packet."""
    file.read(24)
    while True:
        header = file.read(16)
        if len(header) < 16:
            return
        sec, ns, length, _ = struct.unpack("=IIII", header)
        frame = file.read(length)
        if len(frame) == length:
            yield (sec * 1000000000 + ns, frame[26:30], frame[43] >> 6,
                   frame[42] & 0x1f)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    own = ipaddress.ip_address(sys.argv[2]).packed
    detection = int(sys.argv[3]) * 1000000
    near, far = End(), End()
    with open(sys.argv[1], "rb") as file:
        for when, source, state, diag in packets(file):
            me, other = (near, far) if source == own else (far, near)
            me.says(when, state, diag, other, detection)
    print(near.after_silence, near.after_none,
          far.after_silence, far.after_none)


if __name__ == "__main__":
    main()
