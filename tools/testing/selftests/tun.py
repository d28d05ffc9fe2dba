#!/usr/bin/python3 -ES
# SPDX-License-Identifier: GPL-2.0
"""Connect two tun devices: one receives the packets that the other sends.

usage: tun.py DEV DEV       prints "ready", then runs until it is killed
"""
import fcntl
import os
import select
import struct
import sys

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454ca, 1, 0x1000


def tun(dev):
    fd = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", dev.encode(),
                                           IFF_TUN | IFF_NO_PI))
    return fd


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    one, two = tun(sys.argv[1]), tun(sys.argv[2])
    print("ready", flush=True)
    while True:
        for fd in select.select([one, two], [], [])[0]:
            try:
                os.write(two if fd == one else one, os.read(fd, 65536))
            except OSError:
                pass    # the other end is down: drop the packet


if __name__ == "__main__":
    main()
