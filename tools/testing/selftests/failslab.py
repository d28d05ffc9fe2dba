#!/usr/bin/python3 -ES
# SPDX-License-Identifier: GPL-2.0
"""Fail each allocation of a request in turn. The request must be refused and
change nothing, or succeed.

usage: failslab.py create|attach|change|bfd|contract|reach|delete

Expects leg1 and leg2 in the network namespace, and fault injection set up to
be silent; er0 and er1 are made here. Prints how many allocations failed.
"""
import os
import sys

import netlink as n

LIMIT = 3000        # more allocations than any request has

# Allocations whose failure lost the answer, and the state afterwards. The state
# must be as if the request had succeeded.
unsure = []


KEY = "key=hex:6f9619ff8b86d011b42d00cf4fc964ff"
CONTRACT = KEY + " bandwidth=u64:1000000000 sla=u32:999000"
LEGS = "primary[ ifindex=dev:%s ] secondary[ ifindex=dev:%s ]"
BFD = "primary[ ifindex=dev:leg1 via4=ip:169.254.10.2 via6=ip:fd00::2 bfd=u8:1 ]"


def data(dev, words):
    return n.name(dev) + n.linkinfo(n.attr(n.KIND, b"ercircuit"), n.attr(
        n.DATA, n.parse(words.split(), n.names("ercircuit_attr"))))


def new(dev, words=""):
    return lambda: (n.RTM_NEWLINK, n.F_CREATE | n.F_EXCL, data(dev, words))


def change(words):
    return lambda: (n.RTM_NEWLINK, 0, data("er0", words))


def delete(dev="er0"):
    return n.RTM_DELLINK, 0, n.name(dev)


LEGGED = new("er0", LEGS % ("leg1", "leg2"))
REACH = "reach[ 1=dev:er1 ]"

# For each walk: the requests that prepare it, and the request
WALKS = {
    "create": ([], new("er0", LEGS % ("leg1", "leg2") + " " + CONTRACT)),
    "attach": ([new("er0")], change(LEGS % ("leg1", "leg2"))),
    # Swap the legs
    "change": ([LEGGED], change(LEGS % ("leg2", "leg1") +
                                " mode=u8:1 wtr=u32:7000")),
    "bfd": ([LEGGED], change(BFD)),
    # er0 joins er1's contract and changes it for both
    "contract": ([LEGGED, new("er1", KEY)], change(CONTRACT)),
    "reach": ([LEGGED, new("er1")], change(REACH)),
    # Delete everything
    "delete": ([LEGGED, change(BFD), change(CONTRACT), new("er1", KEY),
                change(REACH)], delete),
}

# Attributes of a circuit and of a leg that change without a request
MOVES = {9, 10, 11, 12, 27}
LEG_MOVES = {7, 8, 9, *range(16, 24)}
REACHES = 24


def exists(dev):
    return os.path.exists("/proc/sys/net/ipv4/conf/" + dev) or \
        dev in [name for _, name in n.socket.if_nameindex()]


def settings(info):
    """Return the attributes of a circuit that the user set."""
    out = {k: v for k, v in n.attrs(info) if k not in MOVES}
    for slot in (2, 3):
        out[slot] = sorted((k, v) for k, v in n.attrs(out[slot])
                           if k not in LEG_MOVES)
    # A circuit gets a new number each time
    out[REACHES] = sorted(n.socket.if_indextoname(int.from_bytes(v, "little"))
                          for _, v in n.attrs(out.get(REACHES, b"")))
    return sorted(out.items())


def state(nl):
    """Return all state that a half-applied request could have changed."""
    out = []
    for dev in ("er0", "er1", "leg1", "leg2"):
        try:
            link = dict(nl.link(dev))
        except n.Refused:
            out.append((dev, None))
            continue
        info = dict(n.attrs(link.get(n.IFLA_LINKINFO, b"")))
        out.append((dev, n.IFLA_MASTER in link,
                    settings(info[n.DATA]) if dev.startswith("er") else None))
    return out


def prepare(nl, before):
    for dev in ("er0", "er1"):
        if exists(dev):
            nl.request(*delete(dev))
    for step in before:
        nl.request(*step())


def answer(nl):
    """Return the refusal, None, or False if the answer was lost."""
    try:
        nl.answer()
    except n.Refused as error:
        return error
    except OSError:
        return False
    return None


def attempt(nl, nth, request, before):
    """Fail allocation nth. Return whether there was one; exit if the request
    was half applied."""
    prepare(nl, before)
    was = state(nl)
    kind, flags, body = request()
    message = nl.message(kind, n.F_ACK | flags, body)
    fd = os.open("/proc/thread-self/fail-nth", os.O_RDWR)
    refusal = None
    os.write(fd, b"%d" % nth)
    try:
        nl.send(message)
    except OSError as error:
        refusal = error
    left = os.pread(fd, 20, 0)
    if left.strip(b"\0\n") != b"0":
        os.write(fd, b"0")
    os.close(fd)
    if refusal is None:
        refusal = answer(nl)
    now = state(nl)
    if refusal and now != was:
        sys.exit("allocation %d: refused (%s), yet changed:\n%s\n%s" %
                 (nth, refusal, was, now))
    if refusal is False and now != was:
        unsure.append((nth, now))
    return left.strip(b"\0\n") == b"0", refusal, now


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in WALKS:
        sys.exit(__doc__)
    before, request = WALKS[sys.argv[1]]
    nl = n.Netlink()
    refused = 0
    for nth in range(1, LIMIT):
        injected, refusal, now = attempt(nl, nth, request, before)
        refused += bool(refusal)
        if not injected:
            break
    else:
        sys.exit("no end to the allocations")
    if refusal:
        sys.exit("refused without a failure: %s" % refusal)
    for which, half in unsure:
        if half != now:
            sys.exit("allocation %d: half applied:\n%s\n%s" %
                     (which, half, now))
    prepare(nl, [])
    print("allocations=%d refused=%d" % (nth - 1, refused))


if __name__ == "__main__":
    main()
