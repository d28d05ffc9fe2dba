# SPDX-License-Identifier: GPL-2.0
"""Configuration of the routing daemons.

Microsoft's edges run FRR: zebra, bgpd and bfdd. Everybody else runs BIRD, one
process each. Timers are those of the service where the daemons decide (BFD,
300 ms x 3), and short where only patience would be tested (hold time).
"""
import ipaddress

from topology import LEGS, PRIVATE

KEEPALIVE = 3
HOLD = 10

# --- FRR, an edge -------------------------------------------------------------

# What a session may learn (in) and tell (out), by its kind. The edge prefers
# its own way to the one by its neighbour, which is there for the worst case.
FRR_MAPS = {
    "private": ("PRIVATE", "PRIVATE"),
    "microsoft": ("PUBLIC", "PUBLIC"),
    "pair": ("BACKUP", None),
    "reach": ("REACH", "ONPREM"),
}

# Of what a session may have at most, as the service has it
FRR_LIMITS = {"private": 4000, "microsoft": 200}


def frr_neighbor(session, asn):
    lines = [
        f"neighbor {session.remote} remote-as {session.peer.asn}",
        f"neighbor {session.remote} description {session.peer.name}",
        f"neighbor {session.remote} bfd",
        f"neighbor {session.remote} timers {KEEPALIVE} {HOLD}",
        f"neighbor {session.remote} timers connect 1",
        f"neighbor {session.remote} advertisement-interval 0",
    ]
    if session.peer.asn != asn:
        # The others call, so that no two calls collide
        lines.append(f"neighbor {session.remote} passive")
    if session.kind == "reach":
        # Explicit, hence off until somebody wants it
        lines.append(f"neighbor {session.remote} shutdown")
    return lines


def frr_family(session, asn):
    kind = session.kind
    if kind == "cloud":
        # One network of Microsoft's, but not one routing domain
        kind = "private" if is_private(session.peer) else "microsoft"
    learn, tell = FRR_MAPS[kind]
    lines = [f"neighbor {session.remote} activate"]
    if learn:
        lines.append(f"neighbor {session.remote} route-map {learn} in")
    if tell:
        lines.append(f"neighbor {session.remote} route-map {tell} out")
    if session.kind in FRR_LIMITS:
        lines.append(f"neighbor {session.remote} maximum-prefix "
                     f"{FRR_LIMITS[session.kind]} restart 1")
    if session.peer.asn == asn:
        lines.append(f"neighbor {session.remote} next-hop-self force")
    if session.kind == "pair":
        # What one learns by Global Reach the other has to know, too
        lines.append(f"neighbor {session.remote} route-reflector-client")
    return lines


def is_private(node):
    return any(ipaddress.ip_network(net).subnet_of(ipaddress.ip_network(big))
               for net in node.announce for big in PRIVATE)


def frr_maps(lab):
    clouds = [node.asn for node in lab.nodes.values() if node.is_cloud]
    return [
        *(f"ip prefix-list PRIVATE permit {net} le 32" for net in PRIVATE),
        # On private peering a default route may be told, and only there
        "ip prefix-list PRIVATE permit 0.0.0.0/0",
        *(f"bgp as-path access-list CLOUD permit {asn}$" for asn in clouds),
        "route-map PRIVATE permit 10",
        " match ip address prefix-list PRIVATE",
        "route-map PUBLIC deny 10",
        " match ip address prefix-list PRIVATE",
        "route-map PUBLIC permit 20",
        "route-map BACKUP permit 10",
        " set local-preference 50",
        "route-map REACH permit 10",
        " match ip address prefix-list PRIVATE",
        " set local-preference 80",
        # Global Reach is from site to site: neither to a cloud, nor by it
        "route-map ONPREM deny 10",
        " match as-path CLOUD",
        "route-map ONPREM permit 20",
        " match ip address prefix-list PRIVATE",
    ]


def frr_bgpd(lab, node):
    lines = [
        "frr defaults datacenter",
        f"hostname {node.name}",
        *frr_maps(lab),
        f"router bgp {node.asn}",
        f" bgp router-id {router_id(node)}",
        " no bgp ebgp-requires-policy",
    ]
    for session in node.sessions:
        lines += [" " + line for line in frr_neighbor(session, node.asn)]
    lines.append(" address-family ipv4 unicast")
    for session in node.sessions:
        lines += ["  " + line for line in frr_family(session, node.asn)]
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
	ipv4 {{
		import filter {{ {learn} }};
		export filter {{ {tell} }};
	}};
}}
"""


def bird_session(node, session, index):
    if node.is_customer:
        # The next hop is on a leg, the way is the circuit: it knows by which
        # leg. And of two ways to us the provider shall prefer the shorter
        # path, if the circuit has a leg in reserve.
        name = f"{session.peering.device}_{LEGS[session.leg]}"
        mine = "OURS" if session.kind == "private" else "NAT"
        prepend = ""
        if session.leg and node.circuit.mode == "active-backup":
            prepend = f"bgp_path.prepend({node.asn}); " * 2
        return BIRD_BGP.format(
            name=name, node=node, session=session, hold=HOLD,
            keepalive=KEEPALIVE, bfd="# The circuit has BFD itself",
            learn=f'ifname = "{session.peering.device}"; accept;',
            tell=f"if net ~ {mine} then {{ {prepend}accept; }} reject;")
    return BIRD_BGP.format(
        name=f"edge{index}", node=node, session=session, hold=HOLD,
        keepalive=KEEPALIVE, bfd="bfd on;",
        learn="if net ~ OURS then reject; accept;",
        tell="if net ~ OURS then accept; reject;")


def bird_conf(node):
    nat = [p.nat + "/32" for p in node.circuit.peerings if p.nat] \
        if node.circuit else []
    # An empty set of prefixes is none that BIRD can write
    lines = [
        f"router id {router_id(node)};",
        "log stderr all;",
        f"define OURS = [ {', '.join(node.announce)} ];",
        f"define NAT = [ {', '.join(nat or ['0.0.0.0/32'])} ];",
        # It ignores a leg until it has seen the circuit, at the next scan
        "protocol device { scan time 1; }",
        # By their own route these are on an interface
        "protocol static { ipv4; " + " ".join(
            f"route {net} unreachable;" for net in node.announce + nat) + " }",
        "protocol bfd { interface \"*\" { min rx interval 300 ms; "
        "min tx interval 300 ms; multiplier 3; }; }"
        if not node.is_customer else "",
        "protocol kernel {",
        "\tmerge paths on;",
        "\tipv4 { export filter { if source != RTS_BGP then reject;",
        f"\t\tkrt_prefsrc = {router_id(node)}; accept; }}; }};",
        "}",
    ]
    for index, session in enumerate(node.sessions):
        lines.append(bird_session(node, session, index + 1))
    return "\n".join(line for line in lines if line) + "\n"


def router_id(node):
    """The first address that a node was given: of its own network"""
    return next(port.address.ip for port in node.ports if port.address)
