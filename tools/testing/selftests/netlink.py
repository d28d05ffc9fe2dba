#!/usr/bin/python3 -ES
# SPDX-License-Identifier: GPL-2.0
"""Send hand-made link requests, valid or not.

usage: netlink.py create NAME [ATTR]...     RTM_NEWLINK, IFLA_INFO_DATA
       netlink.py set NAME [ATTR]...
       netlink.py slave DEV [ATTR]...       RTM_NEWLINK, IFLA_INFO_SLAVE_DATA
       netlink.py master DEV {NAME|none}    RTM_NEWLINK, IFLA_MASTER
       netlink.py {up|down} DEV             RTM_NEWLINK, IFF_UP
       netlink.py del NAME
       netlink.py show NAME                 the INFO_DATA, as hex by type
       netlink.py serve FOLDER              answer lines of the above, words
                                            separated by tabs: ok or Error

ATTR := TYPE[=VALUE] | TYPE[ ATTR... ]      (brackets are words of their own)
TYPE := a number, or a name as in the UAPI header: mode, wtr, primary; inside
        a nest and after "slave" those of a leg: ifindex, via4, neigh
VALUE := u8:N | u16:N | u32:N | u64:N | ip:ADDRESS | dev:NAME | hex:BYTES

If the kernel refuses a request, print "Error: MESSAGE (ERRNO)" and exit with 1.

The server saves a process for each request. Two more requests look at all
visible state, by netlink and in sysfs below FOLDER, except for times and
traffic: "remember" stores it, "compare" prints "same" or the differences.
"""
import errno
import functools
import ipaddress
import os
import re
import socket
import struct
import sys

RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK = 16, 17, 18
NLMSG_ERROR, NLMSG_DONE = 2, 3
F_REQUEST, F_ACK, F_EXCL, F_CREATE, F_DUMP = 1, 4, 0x200, 0x400, 0x300
IFF_UP = 1
F_CAPPED, F_ACK_TLVS = 0x100, 0x200
IFLA_IFNAME, IFLA_STATS, IFLA_MASTER, IFLA_LINKINFO = 3, 7, 10, 18
IFLA_STATS64, IFLA_AF_SPEC = 23, 26
KIND, DATA, SLAVE_KIND, SLAVE_DATA = 1, 2, 4, 5
SOL_NETLINK, NETLINK_CAP_ACK, NETLINK_EXT_ACK = 270, 10, 11


class Refused(Exception):
    """The kernel's refusal of a request."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code
        self.message = message

    def __str__(self):
        return "%s (%s)" % (self.message or os.strerror(self.code),
                            errno.errorcode.get(self.code, self.code))


def attr(kind, payload=b""):
    length = 4 + len(payload)
    return struct.pack("=HH", length, kind) + payload + b"\0" * (-length % 4)


def attrs(data):
    """Split attributes: yields (type without flags, payload)."""
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        if length < 4:
            return
        yield kind & 0x3fff, data[4:length]
        data = data[(length + 3) & ~3:]


def linkinfo(*parts):
    return attr(IFLA_LINKINFO, b"".join(parts))


def name(dev):
    return attr(IFLA_IFNAME, dev.encode() + b"\0")


class Netlink:
    """A socket to rtnetlink; request() raises Refused."""

    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        self.sock.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
        self.sock.setsockopt(SOL_NETLINK, NETLINK_CAP_ACK, 1)
        self.sock.bind((0, 0))

    def message(self, kind, flags, body, link=(0, 0, 0)):
        """link: ifindex, IFF_* flags, and the mask of flags to change."""
        body = struct.pack("=BBHiII", 0, 0, 0, *link) + body
        return struct.pack("=IHHII", 16 + len(body), kind,
                           F_REQUEST | flags, 1, 0) + body

    def send(self, message):
        self.sock.send(message)

    def answer(self):
        data = self.sock.recv(1 << 20)
        _, kind, flags, _, _ = struct.unpack_from("=IHHII", data)
        if kind != NLMSG_ERROR:
            return data[16:]
        code, = struct.unpack_from("=i", data, 16)
        if code:
            tlvs = dict(attrs(data[36:])) if flags & F_ACK_TLVS else {}
            text = tlvs.get(1, b"").rstrip(b"\0").decode()
            raise Refused(-code, text)
        return b""

    def request(self, kind, flags, body, link=(0, 0, 0)):
        self.send(self.message(kind, F_ACK | flags, body, link))
        return self.answer()

    def link(self, dev):
        """Attributes of a link, as a list of (type, payload)."""
        self.send(self.message(RTM_GETLINK, 0, name(dev)))
        return list(attrs(self.answer()[16:]))

    def links(self):
        """The attributes of every link."""
        self.send(self.message(RTM_GETLINK, F_DUMP, b""))
        while True:
            data = self.sock.recv(1 << 20)
            while data:
                length, kind = struct.unpack_from("=IH", data)
                if kind == NLMSG_DONE:
                    return
                yield list(attrs(data[32:length]))
                data = data[(length + 3) & ~3:]


@functools.lru_cache
def names(prefix):
    """Names of an attribute enumeration of the UAPI header, by number."""
    header = "include/uapi/linux/if_ercircuit.h"
    top = os.path.dirname(os.path.abspath(__file__))
    while not os.path.exists(os.path.join(top, header)) and top != "/":
        top = os.path.dirname(top)
    header = os.path.join(os.environ.get("ERC_TOP", top), header)
    with open(header, encoding="utf-8") as f:
        body = re.search(r"enum %s \{(.*?)/\* private" % prefix, f.read(),
                         re.S).group(1)
    words = re.findall(r"IFLA_ERCIRCUIT_(?:LEG_)?(\w+),", body)
    return {w.lower().replace("_", "-"): i for i, w in enumerate(words)}


def value(text):
    kind, _, rest = text.partition(":")
    if kind in ("u8", "u16", "u32", "u64"):
        code = {"u8": "=B", "u16": "=H", "u32": "=I", "u64": "=Q"}[kind]
        return struct.pack(code, int(rest, 0))
    if kind == "ip":
        return ipaddress.ip_address(rest).packed
    if kind == "dev":
        return struct.pack("=I", socket.if_nametoindex(rest))
    if kind == "hex":
        return bytes.fromhex(rest)
    sys.exit("netlink.py: no value: %s" % text)


def parse(words, table):
    """Return the attributes in words up to a closing bracket; removes them."""
    out = b""
    while words:
        word = words.pop(0)
        if word == "]":
            return out
        kind, _, text = word.partition("=")
        nested = kind.endswith("[")
        kind = kind.rstrip("[")
        kind = table[kind] if kind in table else int(kind, 0)
        if nested:
            out += attr(kind | 0x8000, parse(words, names("ercircuit_leg_attr")))
        else:
            out += attr(kind, value(text) if text else b"")
    return out


def look(nl, folder):
    """Return all visible state of the links and of er0, as lines."""
    lines = []
    for link in nl.links():
        dev = dict(link)[IFLA_IFNAME].rstrip(b"\0").decode()
        for kind, payload in link:
            if kind == IFLA_LINKINFO:
                parts = list(attrs(payload))
                parts[1:] = [p for part in parts[1:] for p in attrs(part[1])]
                lines += ["%s info %d: %s" % (dev, k, p.hex())
                          for k, p in parts]
            elif kind not in (IFLA_STATS, IFLA_STATS64, IFLA_AF_SPEC):
                lines.append("%s %d: %s" % (dev, kind, payload.hex()))
    for path, _, files in os.walk(os.path.join(folder, "class/net/er0/ercircuit")):
        for file in files:
            if not re.search("_(ns|packets|bytes)$", file):
                with open(os.path.join(path, file), encoding="ascii") as f:
                    lines.append("%s/%s: %s" % (path, file, f.read().strip()))
    return lines


def answer(line, nl, folder, seen):
    if line == "remember":
        seen[:] = look(nl, folder)
        return "ok"
    if line == "compare":
        now = look(nl, folder)
        return "; ".join(sorted(set(now) ^ set(seen))) or "same"
    verb, dev, *words = line.split("\t")
    try:
        run(verb, dev, words)
    except Refused as refusal:
        return "Error: %s" % refusal
    return "ok"


def serve(folder):
    nl, seen = Netlink(), []
    for line in sys.stdin:
        print(answer(line.rstrip("\n"), nl, folder, seen), flush=True)


def compose(verb, dev, words):
    """Turn a line of words into the arguments of Netlink.request()."""
    if verb in ("create", "set"):
        data = parse(words, names("ercircuit_attr"))
        flags = F_CREATE | F_EXCL if verb == "create" else 0
        return RTM_NEWLINK, flags, name(dev) + linkinfo(
            attr(KIND, b"ercircuit"), attr(DATA, data))
    if verb == "slave":
        data = parse(words, names("ercircuit_leg_attr"))
        return RTM_NEWLINK, 0, name(dev) + linkinfo(
            attr(SLAVE_KIND, b"ercircuit"), attr(SLAVE_DATA, data))
    if verb == "master":
        index = 0 if words[0] == "none" else socket.if_nametoindex(words[0])
        return RTM_NEWLINK, 0, name(dev) + attr(IFLA_MASTER,
                                                struct.pack("=I", index))
    if verb in ("up", "down"):
        return RTM_NEWLINK, 0, name(dev), (0, IFF_UP if verb == "up" else 0,
                                           IFF_UP)
    if verb == "del":
        return RTM_DELLINK, 0, name(dev)
    return sys.exit(__doc__)


def run(verb, dev, words):
    nl = Netlink()
    if verb != "show":
        nl.request(*compose(verb, dev, words))
        return
    info = dict(attrs(dict(nl.link(dev))[IFLA_LINKINFO]))
    for kind, payload in attrs(info[DATA]):
        print(kind, payload.hex())


def main():
    if len(sys.argv) < 3 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    try:
        if sys.argv[1] == "serve":
            serve(sys.argv[2])
        else:
            run(sys.argv[1], sys.argv[2], sys.argv[3:])
    except Refused as refusal:
        print("Error: %s" % refusal, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
