# SPDX-License-Identifier: GPL-2.0
"""Read the declaration of a lab: nodes, links, circuits and BGP.

This module derives everything that ExpressRoute prescribes: addresses, VLANs and
BGP sessions.
"""
import ipaddress
import itertools
import tomllib
from dataclasses import dataclass, field

LEGS = ("primary", "secondary")

# Private addresses: the service refuses them on Microsoft peering, and they must not
# reach the internet
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")

VERSIONS = (4, 6)


def of_version(version, nets):
    """The networks of one IP version"""
    return [net for net in nets
            if ipaddress.ip_network(net).version == version]


class Error(Exception):
    """An error that is printed without a traceback."""


@dataclass(eq=False)
class Link:
    name: str
    ports: list = field(default_factory=list)

    def add(self, node, device, *addresses):
        port = Port(self, node, device,
                    [ipaddress.ip_interface(a) for a in addresses])
        self.ports.append(port)
        node.ports.append(port)
        return port


@dataclass(eq=False)
class Port:
    """An end of a link in a node; its other end is in the wire."""

    link: Link
    node: "Node"
    device: str
    addresses: list

    @property
    def wire(self):
        """The port's name in the wire, where faults are injected"""
        return f"{self.link.name}.{self.link.ports.index(self)}"


@dataclass(eq=False)
class Node:
    name: str
    place: str = ""
    label: str = ""
    asn: int = 0
    announce: list = field(default_factory=list)
    gateway: str = ""
    masquerade: str = ""
    http: str = ""
    dns: dict = field(default_factory=dict)
    ports: list = field(default_factory=list)
    sessions: list = field(default_factory=list)
    # All circuits of a customer's router, or the one circuit of an edge
    circuits: list = field(default_factory=list)

    @property
    def is_edge(self):
        return any(self in circuit.edges for circuit in self.circuits)

    @property
    def is_customer(self):
        return bool(self.circuits) and not self.is_edge

    @property
    def is_cloud(self):
        return self.asn != 0 and not self.circuits

    @property
    def peerings(self):
        return [peering for circuit in self.circuits
                for peering in circuit.peerings]

    @property
    def forwards(self):
        return len(self.ports) > 1


@dataclass(eq=False)
class Circuit:
    name: str
    label: str
    customer: Node
    edges: list
    key: str
    bandwidth: str
    mode: str
    options: str
    standby: bool = False
    peerings: list = field(default_factory=list)
    cables: list = field(default_factory=list)


@dataclass(eq=False)
class Peering:
    """One circuit device of the customer, over a VLAN of both cables."""

    circuit: Circuit
    kind: str
    device: str
    vlan: int
    subnet: str
    nat: str = ""
    breakout: list = field(default_factory=list)

    def __post_init__(self):
        nets = [ipaddress.ip_network(net) for net in self.subnet.split()]
        if any(net.num_addresses != 8 for net in nets):
            raise Error(f"{self.circuit.name} {self.kind}: "
                        "the subnet is no /29, or no /125")
        self.subnets = list(zip(*(net.subnets() for net in nets)))

    def interfaces(self, leg, end):
        """The addresses of a leg: end 0 is the customer, 1 is Microsoft"""
        return [ipaddress.ip_interface(f"{net[1 + end]}/{net.prefixlen}")
                for net in self.subnets[leg]]

    def vlan_device(self, port):
        return f"{port.device}.{self.vlan}"


@dataclass(eq=False)
class Session:
    """BGP of one node to a neighbour.

    kind is private or microsoft (to a customer), cloud (to a network behind it),
    pair (of the edges of a circuit) or reach (Global Reach).
    """

    kind: str
    local: "ipaddress.IPv4Address | ipaddress.IPv6Address"
    remote: "ipaddress.IPv4Address | ipaddress.IPv6Address"
    peer: Node
    device: str
    peering: Peering = None
    leg: int = 0

    @property
    def version(self):
        return self.local.version


class Lab:
    def __init__(self, path):
        with open(path, "rb") as file:
            text = tomllib.load(file)
        self.reach = [set(pair) for pair in text["reach"]["pairs"]]
        self.nodes = {name: Node(name, **keys)
                      for name, keys in text["node"].items()}
        self.links = {}
        self.circuits = {}
        for name, ports in text["link"].items():
            link = self.link(name)
            for node, port in ports.items():
                link.add(self.node(node), *port.split())
        for name, keys in text["circuit"].items():
            self.add_circuit(name, keys)
        for link in list(self.links.values()):
            self.peer_link(link)

    def node(self, name):
        try:
            return self.nodes[name]
        except KeyError:
            raise Error(f"no node '{name}'") from None

    def link(self, name):
        link = self.links[name] = Link(name)
        return link

    def add_circuit(self, name, keys):
        keys["customer"] = self.node(keys["customer"])
        keys["edges"] = [self.node(edge) for edge in keys["edges"]]
        peerings = keys.pop("peering")
        circuit = self.circuits[name] = Circuit(name, **keys)
        circuit.peerings = [Peering(circuit, kind, **more)
                            for kind, more in peerings.items()]
        customer = circuit.customer
        cables = sum(len(other.cables) for other in customer.circuits)
        customer.circuits.append(circuit)
        for leg, edge in enumerate(circuit.edges):
            edge.circuits.append(circuit)
            cable = self.link(f"{name}-cable{leg + 1}")
            near = cable.add(customer, f"port{cables + leg + 1}")
            far = cable.add(edge, "cust")
            circuit.cables.append(cable)
            for peering in circuit.peerings:
                self.peer_leg(peering, leg, near, far)

    def peer_leg(self, peering, leg, near, far):
        """A BGP session over each leg of each peering, for each version"""
        ends = [(near, peering.interfaces(leg, 0)),
                (far, peering.interfaces(leg, 1))]
        for (port, ours), (other, theirs) in (ends, ends[::-1]):
            port.node.sessions += [
                Session(peering.kind, our.ip, their.ip, other.node,
                        peering.vlan_device(port), peering, leg)
                for our, their in zip(ours, theirs)]

    def peer_link(self, link):
        """BGP sessions between nodes with an AS on one link"""
        speakers = [port for port in link.ports if port.node.asn and
                    not port.node.is_customer]
        for port, other in itertools.permutations(speakers, 2):
            kind = self.session_kind(port.node, other.node)
            if kind:
                port.node.sessions += [
                    Session(kind, our.ip, their.ip, other.node, port.device)
                    for our, their in zip(port.addresses, other.addresses)]

    def session_kind(self, node, other):
        if not (node.is_edge or other.is_edge):
            return ""
        if not (node.is_edge and other.is_edge):
            return "cloud"
        if node.circuits == other.circuits:
            return "pair"
        pair = {node.circuits[0].name, other.circuits[0].name}
        return "reach" if pair in self.reach else ""

    def ports_of(self, name):
        """The ports that fail when a link, a port (LINK:NODE) or a node fails"""
        link, _, node = name.partition(":")
        if node and link in self.links:
            ports = [port for port in self.links[link].ports
                     if port.node.name == node]
        elif name in self.links:
            ports = self.links[name].ports
        elif name in self.nodes:
            ports = self.nodes[name].ports
        else:
            ports = []
        if not ports:
            raise Error(f"neither a node nor a link: {name}")
        # A cable that fails at one end fails at both
        return [end for port in ports for end in
                (port.link.ports if len(port.link.ports) == 2 else [port])]
