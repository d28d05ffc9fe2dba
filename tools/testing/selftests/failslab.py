#!/usr/bin/python3 -IS
# SPDX-License-Identifier: GPL-2.0
"""Fail each allocation of a request in turn: the request is refused and
changes nothing, or works all the same.

usage: failslab.py create|attach|change|delete

Expects leg1 and leg2 in the network namespace, and fault injection set up to
be silent; er0 is made here. Prints how many allocations failed.
"""
import os
import struct
import sys

import netlink as n

LIMIT = 3000        # more allocations than any request has

# Allocations whose failure lost the answer, and the state then: to be as if
# the request had worked
unsure = []


def nest(dev):
    index = struct.pack("=I", n.socket.if_nametoindex(dev))
    return n.attr(2, index)


def info(*data):
    return n.linkinfo(n.attr(n.KIND, b"ercircuit"),
                      n.attr(n.DATA, b"".join(data)))


def create():
    return (n.RTM_NEWLINK, n.F_CREATE | n.F_EXCL, n.name("er0") + info(
        n.attr(2 | 0x8000, nest("leg1")), n.attr(3 | 0x8000, nest("leg2"))))


def empty():
    return (n.RTM_NEWLINK, n.F_CREATE | n.F_EXCL, n.name("er0") + info())


def attach():
    return (n.RTM_NEWLINK, 0, n.name("er0") + info(
        n.attr(2 | 0x8000, nest("leg1")), n.attr(3 | 0x8000, nest("leg2"))))


def change():
    # The legs change places, the mode and the wait to restore change
    return (n.RTM_NEWLINK, 0, n.name("er0") + info(
        n.attr(2 | 0x8000, nest("leg2")), n.attr(3 | 0x8000, nest("leg1")),
        n.attr(4, b"\1"), n.attr(7, struct.pack("=I", 7000))))


def delete():
    return (n.RTM_DELLINK, 0, n.name("er0"))


# What has to be there before, and the request
WALKS = {"create": ([], create), "attach": ([empty], attach),
         "change": ([create], change), "delete": ([create], delete)}


def exists():
    return os.path.exists("/proc/sys/net/ipv4/conf/er0") or \
        "er0" in [name for _, name in n.socket.if_nameindex()]


def state(nl):
    """What the request could have changed half."""
    out = []
    for dev in ("er0", "leg1", "leg2"):
        try:
            link = dict(nl.link(dev))
        except n.Refused:
            out.append((dev, None))
            continue
        data = {}
        kind = dict(n.attrs(link.get(n.IFLA_LINKINFO, b"")))
        if dev == "er0":
            # Neither the states of the legs nor times
            data = {k: v for k, v in n.attrs(kind[n.DATA]) if 4 <= k <= 8}
            for slot in (2, 3):
                leg = dict(n.attrs(kind[n.DATA]))[slot]
                data[slot] = dict(n.attrs(leg))[2]
        out.append((dev, n.IFLA_MASTER in link, sorted(data.items())))
    return out


def prepare(nl, before):
    if exists():
        nl.request(*delete())
    for step in before:
        nl.request(*step())


def answer(nl):
    """Return the refusal, None, or False: the answer itself was lost."""
    try:
        nl.answer()
    except n.Refused as error:
        return error
    except OSError:
        return False
    return None


def attempt(nl, nth, request, before):
    """Fail allocation nth; was there one? Exits if the result is half."""
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
