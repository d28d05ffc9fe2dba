#!/usr/bin/python3 -IS
# SPDX-License-Identifier: GPL-2.0
"""Send link requests with attributes made by hand, valid or not.

usage: netlink.py create NAME [ATTR]...     RTM_NEWLINK, IFLA_INFO_DATA
       netlink.py set NAME [ATTR]...
       netlink.py slave DEV [ATTR]...       RTM_NEWLINK, IFLA_INFO_SLAVE_DATA
       netlink.py master DEV {NAME|none}    RTM_NEWLINK, IFLA_MASTER
       netlink.py del NAME
       netlink.py show NAME                 the INFO_DATA, as hex by type

ATTR := TYPE[=VALUE] | TYPE[ ATTR... ]      (brackets are words of their own)
TYPE := a number, or a name as in the UAPI header: mode, wtr, primary; inside
        a nest and after "slave" those of a leg: ifindex, via4, neigh
VALUE := u8:N | u16:N | u32:N | u64:N | ip:ADDRESS | dev:NAME | hex:BYTES

What the kernel refuses is told as "Error: MESSAGE (ERRNO)"; exit status 1.
"""
import errno
import ipaddress
import os
import re
import socket
import struct
import sys

RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK = 16, 17, 18
NLMSG_ERROR = 2
F_REQUEST, F_ACK, F_EXCL, F_CREATE = 1, 4, 0x200, 0x400
F_CAPPED, F_ACK_TLVS = 0x100, 0x200
IFLA_IFNAME, IFLA_MASTER, IFLA_LINKINFO = 3, 10, 18
KIND, DATA, SLAVE_KIND, SLAVE_DATA = 1, 2, 4, 5
SOL_NETLINK, NETLINK_CAP_ACK, NETLINK_EXT_ACK = 270, 10, 11


class Refused(Exception):
    """What the kernel answered instead of yes."""

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

    def message(self, kind, flags, body, ifindex=0):
        body = struct.pack("=BBHiII", 0, 0, 0, ifindex, 0, 0) + body
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

    def request(self, kind, flags, body, ifindex=0):
        self.send(self.message(kind, F_ACK | flags, body, ifindex))
        return self.answer()

    def link(self, dev):
        """Attributes of a link, as a list of (type, payload)."""
        self.send(self.message(RTM_GETLINK, 0, name(dev)))
        return list(attrs(self.answer()[16:]))


def names(prefix):
    """Names of an attribute enumeration of the UAPI header, by number."""
    top = os.environ.get("ERC_TOP") or os.path.join(
        os.path.dirname(os.path.abspath(__file__)), "../../..")
    header = os.path.join(top, "include/uapi/linux/if_ercircuit.h")
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
    """Attributes from the words, up to a closing bracket; eats them."""
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


def run(verb, dev, words):
    nl = Netlink()
    if verb == "create":
        data = parse(words, names("ercircuit_attr"))
        nl.request(RTM_NEWLINK, F_CREATE | F_EXCL, name(dev) + linkinfo(
            attr(KIND, b"ercircuit"), attr(DATA, data)))
    elif verb == "set":
        data = parse(words, names("ercircuit_attr"))
        nl.request(RTM_NEWLINK, 0, name(dev) + linkinfo(
            attr(KIND, b"ercircuit"), attr(DATA, data)))
    elif verb == "slave":
        data = parse(words, names("ercircuit_leg_attr"))
        nl.request(RTM_NEWLINK, 0, name(dev) + linkinfo(
            attr(SLAVE_KIND, b"ercircuit"), attr(SLAVE_DATA, data)))
    elif verb == "master":
        index = 0 if words[0] == "none" else socket.if_nametoindex(words[0])
        nl.request(RTM_NEWLINK, 0, name(dev) +
                   attr(IFLA_MASTER, struct.pack("=I", index)))
    elif verb == "del":
        nl.request(RTM_DELLINK, 0, name(dev))
    elif verb == "show":
        info = dict(attrs(dict(nl.link(dev))[IFLA_LINKINFO]))
        for kind, payload in attrs(info[DATA]):
            print(kind, payload.hex())
    else:
        sys.exit(__doc__)


def main():
    if len(sys.argv) < 3 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    try:
        run(sys.argv[1], sys.argv[2], sys.argv[3:])
    except Refused as refusal:
        print("Error: %s" % refusal, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
