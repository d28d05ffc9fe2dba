# SPDX-License-Identifier: GPL-2.0
"""Configuration of the routing daemons.

Microsoft's edges run FRR: zebra, bgpd and bfdd. All other nodes run BIRD, one
process each. BFD has the timers of ExpressRoute (300 ms x 3); the hold time of
BGP is shorter, as a test would only wait for it.
"""
import ipaddress

from topology import LEGS, PRIVATE, VERSIONS, of_version

KEEPALIVE = 3
HOLD = 10

# --- FRR, an edge -------------------------------------------------------------

# Routes that a session may learn (in) and announce (out), by its kind. The edge
# prefers its own route; the route by its neighbour is a last resort.
FRR_MAPS = {
    "private": ("PRIVATE", "PRIVATE"),
    "microsoft": ("PUBLIC", "PUBLIC"),
    "pair": ("BACKUP", None),
    "reach": ("REACH", "ONPREM"),
}

# The service's limit of prefixes in a session, by IP version
FRR_LIMITS = {"private": {4: 4000, 6: 100}, "microsoft": {4: 200, 6: 200}}


def frr_neighbor(session, asn):
    lines = [
        f"neighbor {session.remote} remote-as {session.peer.asn}",
        f"neighbor {session.remote} description {session.peer.name}",
        f"neighbor {session.remote} timers {KEEPALIVE} {HOLD}",
        f"neighbor {session.remote} timers connect 1",
        f"neighbor {session.remote} advertisement-interval 0",
    ]
    if has_bfd(session):
        lines.append(f"neighbor {session.remote} bfd")
    if session.peer.asn != asn:
        # Passive, so that connections from both ends do not collide
        lines.append(f"neighbor {session.remote} passive")
    if session.kind == "reach":
        # Explicit, so that it is off until "lab reach on"
        lines.append(f"neighbor {session.remote} shutdown")
    return lines


def has_bfd(session):
    """Does the session use BFD? For customers, only IPv4 sessions do"""
    return session.version == 4 or not session.peering


def frr_family(session, asn):
    kind = session.kind
    if kind == "cloud":
        # The edges share an AS, but not a routing domain
        kind = "private" if is_private(session.peer) else "microsoft"
    learn, tell = FRR_MAPS[kind]
    lines = [f"neighbor {session.remote} activate"]
    if learn:
        lines.append(f"neighbor {session.remote} route-map {learn} in")
    if tell:
        lines.append(f"neighbor {session.remote} route-map {tell} out")
    if session.kind in FRR_LIMITS:
        lines.append(f"neighbor {session.remote} maximum-prefix "
                     f"{FRR_LIMITS[session.kind][session.version]} "
                     "restart 1")
    if session.peer.asn == asn:
        lines.append(f"neighbor {session.remote} next-hop-self force")
    if session.kind == "pair":
        # Each edge passes routes learned by Global Reach to the other one
        lines.append(f"neighbor {session.remote} route-reflector-client")
    return lines


def is_private(node):
    return any(ipaddress.ip_network(net).subnet_of(ipaddress.ip_network(big))
               for version in VERSIONS
               for net in of_version(version, node.announce)
               for big in of_version(version, PRIVATE))


def frr_maps(lab):
    clouds = [node.asn for node in lab.nodes.values() if node.is_cloud]
    return [
        *(f"ip prefix-list PRIVATE permit {net} le 32"
          for net in of_version(4, PRIVATE)),
        # A default route may be announced on private peering only
        "ip prefix-list PRIVATE permit 0.0.0.0/0",
        *(f"ipv6 prefix-list PRIVATE permit {net} le 128"
          for net in of_version(6, PRIVATE)),
        *(f"bgp as-path access-list CLOUD permit {asn}$" for asn in clouds),
        *frr_private("PRIVATE permit"),
        *frr_private("PUBLIC deny"),
        "route-map PUBLIC permit 20",
        "route-map BACKUP permit 10",
        " set local-preference 50",
        *frr_private("REACH permit", " set local-preference 80"),
        # Global Reach connects sites only: its routes do not lead to a cloud
        "route-map ONPREM deny 1",
        " match as-path CLOUD",
        *frr_private("ONPREM permit"),
    ]


def frr_private(entry, *actions):
    """Entries of a route map for private prefixes, one per IP version"""
    return [line for number, family in ((10, "ip"), (11, "ipv6")) for line in
            (f"route-map {entry} {number}",
             f" match {family} address prefix-list PRIVATE", *actions)]


def frr_bgpd(lab, node):
    lines = [
        "frr defaults datacenter",
        f"hostname {node.name}",
        *frr_maps(lab),
        f"router bgp {node.asn}",
        f" bgp router-id {source(node, 4)}",
        " no bgp ebgp-requires-policy",
        " no bgp default ipv4-unicast",
    ]
    for session in node.sessions:
        lines += [" " + line for line in frr_neighbor(session, node.asn)]
    for version in VERSIONS:
        lines.append(f" address-family ipv{version} unicast")
        lines += ["  " + line for session in node.sessions
                  if session.version == version
                  for line in frr_family(session, node.asn)]
        lines.append(" exit-address-family")
    return "\n".join(lines) + "\n"


# --- BIRD: a customer's router, or the edge of a cloud ------------------------

BIRD_BGP = """\
protocol bgp {name} {{
	local {session.local} as {node.asn};
	neighbor {session.remote} as {session.peer.asn};
	hold time {hold};
	keepalive time {keepalive};
	connect delay time 1;
	connect retry time 1;
	error wait time 1, 2;
	startup hold time {hold};
	{bfd}
	ipv{session.version} {{
		import filter {{ {learn} }};
		export filter {{ {tell} }};
	}};
}}
"""


def reserve(session):
    """The number of times to prepend the AS on a leg: the provider prefers the
    leg with the shortest path"""
    circuit = session.peering.circuit
    leg = 2 * session.leg if circuit.mode == "active-backup" else 0
    return leg + (3 if circuit.standby else 0)


def bird_session(node, session, index):
    ours = f"OURS{session.version}"
    if node.is_customer:
        # The next hop is on a leg, but the route uses the circuit, which selects
        # the leg.
        device = session.peering.device
        mine = ours if session.kind == "private" else \
            f"[ {bird_set(4, nat_nets([session.peering]))} ]"
        learn = "bgp_local_pref = 50; " * session.peering.circuit.standby
        prepend = f"bgp_path.prepend({node.asn}); " * reserve(session)
        name = f"{device}_{LEGS[session.leg]}_{session.version}"
        return BIRD_BGP.format(
            name=name, node=node, session=session, hold=HOLD,
            keepalive=KEEPALIVE, bfd="# The circuit has BFD itself",
            learn=f'{learn}ifname = "{device}"; accept;',
            tell=f"if net ~ {mine} then {{ {prepend}accept; }} reject;")
    return BIRD_BGP.format(
        name=f"edge{index}", node=node, session=session, hold=HOLD,
        keepalive=KEEPALIVE, bfd="bfd on;",
        learn=f"if net ~ {ours} then reject; accept;",
        tell=f"if net ~ {ours} then accept; reject;")


def bird_family(node, version):
    """The part for one IP version: networks, and the export to the kernel"""
    ours = of_version(version, node.announce)
    nat = of_version(version, nat_nets(node.peerings))
    lines = [
        f"define OURS{version} = [ {bird_set(version, ours)} ];",
        # These networks have interface routes
        f"protocol static {{ ipv{version}; " + " ".join(
            f"route {net} unreachable;" for net in ours + nat) + " }",
    ]
    address = source(node, version)
    if address:
        lines += [
            "protocol kernel {",
            "\tmerge paths on;",
            f"\tipv{version} {{ export filter {{ if source != RTS_BGP then "
            "reject;",
            f"\t\tkrt_prefsrc = {address}; accept; }}; }};",
            "}",
        ]
    return lines


def nat_nets(peerings):
    return [peering.nat + "/32" for peering in peerings if peering.nat]


def bird_set(version, nets):
    """A set of prefixes; BIRD has no syntax for an empty one"""
    return ", ".join(nets) or {4: "0.0.0.0/32", 6: "::/128"}[version]


def bird_conf(node):
    lines = [
        f"router id {source(node, 4)};",
        "log stderr all;",
        # BIRD ignores a leg until a scan has seen the circuit
        "protocol device { scan time 1; }",
        "protocol bfd { interface \"*\" { min rx interval 300 ms; "
        "min tx interval 300 ms; multiplier 3; }; }"
        if not node.is_customer else "",
    ]
    for version in VERSIONS:
        lines += bird_family(node, version)
    for index, session in enumerate(node.sessions):
        lines.append(bird_session(node, session, index + 1))
    return "\n".join(line for line in lines if line) + "\n"


def source(node, version):
    """The first address of a node, which is in its own network"""
    return next((address.ip for port in node.ports
                 for address in port.addresses
                 if address.version == version), None)
