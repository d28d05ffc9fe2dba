#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Send or receive datagrams with a TTL and each value of ECN.

usage: ttl_ecn.py recv            print "SOURCE TTL ECN" for each datagram received
       ttl_ecn.py send SOURCE>ADDRESS...
                                 send one with each value of ECN and a TTL of 37
"""

import os
import select
import socket
import sys

PORT = 6001
TTL = 37
# Linux names that Python has no constant for
IP_RECVTTL = 12
IP_RECVTOS = 13


def receivers():
    """Return a socket of each family of this machine that reports TTL and ECN."""
    v4 = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    v4.setsockopt(socket.IPPROTO_IP, IP_RECVTTL, 1)
    v4.setsockopt(socket.IPPROTO_IP, IP_RECVTOS, 1)
    v4.bind(("", PORT))
    if not os.path.exists("/proc/sys/net/ipv6"):
        return [v4]
    v6 = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    v6.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    v6.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVHOPLIMIT, 1)
    v6.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVTCLASS, 1)
    v6.bind(("", PORT))
    return [v4, v6]


def receive(sock):
    """Print source, TTL and ECN of one datagram."""
    ttl = ecn = None
    _, control, _, source = sock.recvmsg(64, 256)
    for _, kind, data in control:
        if kind in (socket.IP_TTL, socket.IPV6_HOPLIMIT):
            ttl = int.from_bytes(data, sys.byteorder)
        elif kind in (socket.IP_TOS, socket.IPV6_TCLASS):
            ecn = data[0] & 3
    print(source[0], ttl, ecn, flush=True)


def send(ends):
    """Send one datagram with each value of ECN."""
    source, address = ends.split(">")
    v6 = ":" in address
    sock = socket.socket(socket.AF_INET6 if v6 else socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((source, 0))
    level = socket.IPPROTO_IPV6 if v6 else socket.IPPROTO_IP
    sock.setsockopt(level, socket.IPV6_UNICAST_HOPS if v6 else socket.IP_TTL, TTL)
    for ecn in range(4):
        sock.setsockopt(level, socket.IPV6_TCLASS if v6 else socket.IP_TOS, ecn)
        sock.sendto(b"x", (address, PORT))


if sys.argv[1:] == ["recv"]:
    sockets = receivers()
    print("ready", flush=True)
    while True:
        for ready in select.select(sockets, [], [])[0]:
            receive(ready)
elif sys.argv[1:2] == ["send"]:
    for name in sys.argv[2:]:
        send(name)
else:
    sys.exit(__doc__)
