#!/usr/bin/python3 -ES
# SPDX-License-Identifier: GPL-2.0
"""Send hand-made BFD control packets, valid or not.

usage: bfd_packet.py DEV MAC SOURCE DESTINATION [COUNT] [FIELD=NUMBER]...
       bfd_packet.py DEV MAC SOURCE DESTINATION flood COUNT [RATE]

FIELD := ttl, version, diag, state, flags, mult, length, my, your, tx, rx,
         echo; port, udp (its length), sum (its checksum), size (of the
         payload), fragment (flags and offset of IPv4), type (EtherType)

flood sends packets that are valid except for the discriminator, at RATE packets
a second or as fast as possible. It prints the number of packets sent and the
milliseconds that this took.
"""
import errno
import ipaddress
import mmap
import random
import socket
import struct
import sys
import time

from packet import checksum

FIELDS = dict(ttl=255, version=1, diag=0, state=3, flags=8, mult=3, length=24,
              my=77, your=1, tx=300000, rx=300000, echo=0, port=3784, udp=0,
              sum=-1, size=24, fragment=0x4000, type=0)

# Number of packets that one system call sends (packet_mmap.rst), and bytes for
# each
RING = 256
FRAME = 256


def control(f):
    data = struct.pack("!BBBBIIIII", f["version"] << 5 | f["diag"],
                       f["state"] << 6 | f["flags"], f["mult"], f["length"],
                       f["my"], f["your"], f["tx"], f["rx"], f["echo"])
    return (data + b"\0" * f["size"])[:f["size"]]


def packet(f, source, destination):
    src = ipaddress.ip_address(source).packed
    dst = ipaddress.ip_address(destination).packed
    payload = control(f)
    length = 8 + len(payload)
    head = struct.pack("!HHHH", 49152, f["port"], f["udp"] or length, 0)
    pseudo = src + dst + struct.pack("!II", length, 17)
    total = f["sum"]
    if total < 0:
        total = checksum(pseudo + head + payload) or 0xffff
    head = head[:6] + struct.pack("!H", total)
    if len(src) == 16:
        return struct.pack("!IHBB", 6 << 28, length, 17, f["ttl"]) + \
            src + dst + head + payload
    ip = struct.pack("!BBHHHBBH", 0x45, 0xc0, 20 + length, 1, f["fragment"],
                     f["ttl"], 17, 0)
    ip = ip[:10] + struct.pack("!H", checksum(ip + src + dst)) + src + dst
    return ip + head + payload


def frames(source, destination):
    """Return a ring full of packets that wait to be sent."""
    random.seed(20261124)
    image = b""
    for _ in range(RING):
        f = dict(FIELDS, your=random.randrange(1, 1 << 32),
                 my=random.randrange(1, 1 << 32), state=random.randrange(4),
                 flags=random.choice((0, 8, 0x20, 0x10, 0x28)))
        data = packet(f, source, destination)
        # struct tpacket_hdr, with TP_STATUS_SEND_REQUEST
        image += (struct.pack("@LII16x", 1, len(data), len(data)) +
                  data).ljust(FRAME, b"\0")
    return image


def ring_send(sock, to):
    """Send the whole ring; try again while the backlog is full."""
    while True:
        try:
            return sock.sendto(b"", to)
        except OSError as e:
            if e.errno != errno.ENOBUFS:
                raise


def flood(sock, to, image, count, rate):
    """Send from a ring, as a system call for each packet would take most of the
    time."""
    sock.setsockopt(263, 13, struct.pack("@IIII", mmap.PAGESIZE,
                    RING * FRAME // mmap.PAGESIZE, FRAME, RING))
    sent = 0
    start = time.monotonic()
    with mmap.mmap(sock.fileno(), RING * FRAME) as ring:
        while sent < count:
            if rate:
                time.sleep(max(0, start + sent / rate - time.monotonic()))
            ring[:] = image
            ring_send(sock, to)
            sent += RING
    return sent, int((time.monotonic() - start) * 1000)


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    dev, mac, source, destination = sys.argv[1:5]
    args = sys.argv[5:]
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)
    proto = 0x86dd if ":" in source else 0x0800
    to = (dev, proto, 0, 0, bytes.fromhex(mac.replace(":", "")))
    if args[:1] == ["flood"]:
        image = frames(source, destination)
        print(*flood(sock, to, image, int(args[1]),
                     int(args[2]) if args[2:] else 0))
    else:
        count = int(args.pop(0)) if args and "=" not in args[0] else 1
        f = dict(FIELDS, **{k: int(v, 0)
                            for k, v in (a.split("=") for a in args)})
        to = (dev, f["type"] or proto) + to[2:]
        for _ in range(count):
            sock.sendto(packet(f, source, destination), to)


if __name__ == "__main__":
    main()
