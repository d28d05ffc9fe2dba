#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Compare the JSON of the kernel's ynl with that of the tool ercircuit.

usage: ynl.py HEADER LINKS.json SHOW.json

LINKS is "ynl --spec rt-link.yaml --dump getlink", SHOW is "ercircuit show -j", HEADER
is if_ercircuit.h.  ynl prints numbers and the names of C, the tool prints words.  This
script converts the one into the other, prints each difference, and fails if there is
one or no circuit.  Each leg is compared twice: as part of the circuit, and as
described by its own device.
"""

import datetime
import json
import re
import sys
import uuid

ON_OFF = ("late", "revertive", "police", "neigh", "drain", "bfd")
MICROSECONDS = ("burst", "bfd_tx", "bfd_rx", "bfd_interval", "bfd_detection")
# The tool prints these as words, although they have no name in the specification
NUMBERED = {"bfd_remote_diag": "ERCIRCUIT_BFD_DIAG"}


def words(header):
    """The word of each value: {"ERCIRCUIT_REQUEST_SF_P": "SF-P"}"""
    with open(header, encoding="utf-8") as file:
        return dict(re.findall(r'\[(ERCIRCUIT_\w+)\] = "([^"]*)"', file.read()))


def date(time_ns):
    """The date and time of CLOCK_REALTIME, as the tool prints it"""
    if not time_ns:
        return ""
    seconds, rest = divmod(time_ns, 10**9)
    local = datetime.datetime.fromtimestamp(seconds).astimezone()
    return local.replace(microsecond=rest // 1000).isoformat(timespec="microseconds")


class Converter:
    """From the attributes of ynl to the JSON of the tool"""

    # The prefix of the names in C, where it is not that of the attribute
    PREFIXES = {
        "last_switch_reason": "reason", "bfd_remote_state": "bfd",
        "bfd_state": "bfd", "provider_state": "provider",
        "circuit_state": "circuit",
    }

    def __init__(self, header, links):
        self.words = words(header)
        self.names = {link["ifi-index"]: link["ifname"] for link in links}

    def word(self, key, value):
        """The word of the name in C"""
        if key in NUMBERED:
            named = [w for n, w in self.words.items()
                     if n.startswith(NUMBERED[key])]
            return named[value] if value < len(named) else value
        prefix = self.PREFIXES.get(key, key)
        name = f"ercircuit_{prefix}_{value}".upper().replace("-", "_")
        return self.words[name]

    def value(self, key, value):
        if key in ON_OFF:
            return bool(value)
        if key in MICROSECONDS:
            return value / 1000
        if key == "sla":
            return value / 10000
        if key == "key":
            return str(uuid.UUID(value.replace(" ", "")))
        if key == "name":
            return value
        if key == "last_switch_time":
            return date(value)
        if key == "reach":
            return [self.names[i] for i in value.get("peer", [])]
        if isinstance(value, str) or key in NUMBERED:
            return self.word(key, value)
        return value

    def leg(self, attrs):
        """The leg of a circuit, or the member data of a device"""
        result = {"via": [attrs[a] for a in ("via4", "via6") if a in attrs]}
        for name, value in attrs.items():
            key = name.replace("-", "_")
            if name == "ifindex":
                result["device"] = self.names[value] if value else ""
            elif name not in ("via4", "via6", "slot"):
                result[key] = self.value(key, value)
        return result

    def circuit(self, link):
        result = {"name": link["ifname"], "mtu": link["mtu"],
                  "up": "up" in link["ifi-flags"]}
        for name, value in link["linkinfo"]["data"].items():
            key = name.replace("-", "_")
            if name in ("primary", "secondary"):
                result[key] = self.leg(value)
            else:
                result[key] = self.value(key, value)
        return result


def plain(value):
    """The JSON of the tool with "_" for "-" in its keys"""
    if isinstance(value, dict):
        return {k.replace("-", "_"): plain(v) for k, v in value.items()}
    return value


def differences(path, got, wanted):
    if isinstance(got, dict) and isinstance(wanted, dict):
        for key in sorted(got.keys() | wanted.keys()):
            yield from differences(f"{path}.{key}", got.get(key),
                                   wanted.get(key))
    elif got != wanted:
        yield f"{path}: ynl has {got!r}, the tool {wanted!r}"


def compare(convert, links, shown):
    """All differences between the links of ynl and the circuits of the tool"""
    kinds = {link["ifname"]: link for link in links
             if link.get("linkinfo", {}).get("kind") == "ercircuit"}
    yield from differences("names", sorted(kinds),
                           sorted(c["name"] for c in shown))
    for circuit in shown:
        if circuit["name"] not in kinds:
            continue
        yield from differences(circuit["name"],
                               convert.circuit(kinds[circuit["name"]]), circuit)
    legs = {c[slot]["device"]: c[slot] for c in shown
            for slot in ("primary", "secondary") if c[slot].get("device")}
    members = {link["ifname"]: link["linkinfo"]["slave-data"] for link in links
               if link.get("linkinfo", {}).get("slave-kind") == "ercircuit"}
    for device in sorted(legs.keys() | members.keys()):
        yield from differences(device, convert.leg(members.get(device, {})),
                               legs.get(device))


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    with open(sys.argv[2], encoding="utf-8") as file:
        links = json.load(file)
    with open(sys.argv[3], encoding="utf-8") as file:
        shown = [plain(circuit) for circuit in json.load(file)]
    if not shown:
        sys.exit("ynl.py: no circuit")
    found = list(compare(Converter(sys.argv[1], links), links, shown))
    print("\n".join(found))
    sys.exit(bool(found))


main()
