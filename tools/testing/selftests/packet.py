#!/usr/bin/python3 -ES
# SPDX-License-Identifier: GPL-2.0
"""Send hand-made packets on an interface.

usage: packet.py send DEV ETHERTYPE PACKET [MAC]    the kernel adds the header
       packet.py raw DEV ETHERTYPE PACKET           with a header, if any
       packet.py hosts ADDRESS NUMBER               one datagram to each

PACKET := hex digits, or udp,SOURCE,DESTINATION,PORT for one of flow.c
(either family); join with "+": an Ethernet header by hand is
ffffffffffff0200000000010800+udp,...  Several packets are separated by spaces.
"""
import ipaddress
import socket
import struct
import sys


def checksum(data):
    data += b"\0" * (len(data) % 2)
    s = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while s >> 16:
        s = (s & 0xffff) + (s >> 16)
    return ~s & 0xffff


def udp(source, destination, port):
    src = ipaddress.ip_address(source).packed
    dst = ipaddress.ip_address(destination).packed
    payload = struct.pack("=IIQ", 0, 0, 0)
    length = 8 + len(payload)
    head = struct.pack("!HHHH", 4000, port, length, 0)
    pseudo = src + dst + struct.pack("!II", length, 17)
    head = head[:6] + struct.pack("!H", checksum(pseudo + head + payload) or
                                  0xffff)
    if len(src) == 16:
        return struct.pack("!IHBB", 6 << 28, length, 17, 64) + src + dst + \
            head + payload
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, 1, 0, 64, 17, 0)
    ip = ip[:10] + struct.pack("!H", checksum(ip + src + dst)) + src + dst
    return ip + head + payload


def packet(text):
    out = b""
    for part in text.split("+"):
        if part.startswith("udp,"):
            _, source, destination, port = part.split(",")
            out += udp(source, destination, int(port))
        else:
            out += bytes.fromhex(part)
    return out


def hosts(first, number):
    """Send from a socket to NUMBER addresses, beginning with ADDRESS."""
    first = ipaddress.ip_address(first)
    sock = socket.socket(socket.AF_INET if first.version == 4 else
                         socket.AF_INET6, socket.SOCK_DGRAM)
    for i in range(number):
        sock.sendto(b"", (str(first + i), 5000))


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "hosts":
        hosts(sys.argv[2], int(sys.argv[3]))
        return
    if len(sys.argv) < 5 or sys.argv[1] not in ("send", "raw"):
        sys.exit(__doc__)
    verb, dev, proto, text = sys.argv[1:5]
    mac = bytes.fromhex(sys.argv[5].replace(":", "")) if sys.argv[5:] else b""
    kind = socket.SOCK_DGRAM if verb == "send" else socket.SOCK_RAW
    sock = socket.socket(socket.AF_PACKET, kind)
    for one in text.split():
        sock.sendto(packet(one), (dev, int(proto, 0), 0, 0, mac))


if __name__ == "__main__":
    main()
