# SPDX-License-Identifier: GPL-2.0
"""What the declaration of a lab means: nodes, links, circuits and BGP.

Everything that the service prescribes (addresses, VLANs, who peers with whom)
is derived here, once.
"""
import ipaddress
import tomllib

LEGS = ("primary", "secondary")

# The service strips or refuses these on Microsoft peering, and they have no
# business on the internet
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")


class Error(Exception):
    """Something to tell the user, without a traceback."""


class Port:
    """An end of a link, in a node; its other end is in the wire."""

    def __init__(self, link, node, device, address):
        self.link = link
        self.node = node
        self.device = device
        self.address = address and ipaddress.ip_interface(address)

    @property
    def wire(self):
        """The port's name in the wire, where faults are made"""
        return f"{self.link.name}.{self.link.ports.index(self)}"


class Link:
    def __init__(self, name):
        self.name = name
        self.ports = []

    def add(self, node, device, address=None):
        port = Port(self, node, device, address)
        self.ports.append(port)
        node.ports.append(port)
        return port


class Node:
    def __init__(self, name, place="", label="", asn=0, announce=(),
                 gateway="", masquerade="", http="", dns=None):
        self.name = name
        self.place = place
        self.label = label
        self.asn = asn
        self.announce = list(announce)
        self.gateway = gateway
        self.masquerade = masquerade
        self.http = http
        self.dns = dns
        self.ports = []
        self.sessions = []
        self.circuit = None     # of a customer's router, or of an edge

    @property
    def is_edge(self):
        return self.circuit is not None and self in self.circuit.edges

    @property
    def is_customer(self):
        return self.circuit is not None and not self.is_edge

    @property
    def forwards(self):
        return len(self.ports) > 1


class Peering:
    """One circuit device of the customer, over a VLAN of both cables."""

    def __init__(self, circuit, kind, device, vlan, subnet, nat=""):
        self.circuit = circuit
        self.kind = kind
        self.device = device
        self.vlan = vlan
        self.nat = nat
        self.subnets = list(ipaddress.ip_network(subnet).subnets(new_prefix=30))
        if len(self.subnets) != 2:
            raise Error(f"{circuit.name} {kind}: the subnet is no /29")

    def interface(self, leg, end):
        """The address of a leg: end 0 is the customer, 1 is Microsoft"""
        net = self.subnets[leg]
        return ipaddress.ip_interface(f"{net[1 + end]}/30")

    def vlan_device(self, port):
        return f"{port.device}.{self.vlan}"


class Circuit:
    def __init__(self, name, label, customer, edges, key, bandwidth, mode,
                 options, peering):
        self.name = name
        self.label = label
        self.customer = customer
        self.edges = edges
        self.key = key
        self.bandwidth = bandwidth
        self.mode = mode
        self.options = options
        self.cables = []
        self.peerings = [Peering(self, kind, **keys)
                         for kind, keys in peering.items()]


class Session:
    """BGP of one node to a neighbour.

    kind is private or microsoft (to a customer), cloud (to what is reached),
    pair (of the edges of a circuit) or reach (Global Reach).
    """

    def __init__(self, kind, local, remote, peer, device, peering=None, leg=0):
        self.kind = kind
        self.local = local
        self.remote = remote
        self.peer = peer
        self.device = device
        self.peering = peering
        self.leg = leg


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
        circuit = self.circuits[name] = Circuit(name, **keys)
        circuit.customer.circuit = circuit
        for leg, edge in enumerate(circuit.edges):
            edge.circuit = circuit
            cable = self.link(f"{name}-cable{leg + 1}")
            near = cable.add(circuit.customer, f"port{leg + 1}")
            far = cable.add(edge, "cust")
            circuit.cables.append(cable)
            for peering in circuit.peerings:
                self.peer_leg(peering, leg, near, far)

    def peer_leg(self, peering, leg, near, far):
        """A BGP session over each leg of each peering"""
        ours = peering.interface(leg, 0).ip
        theirs = peering.interface(leg, 1).ip
        near.node.sessions.append(
            Session(peering.kind, ours, theirs, far.node,
                    peering.vlan_device(near), peering, leg))
        far.node.sessions.append(
            Session(peering.kind, theirs, ours, near.node,
                    peering.vlan_device(far), peering, leg))

    def peer_link(self, link):
        """BGP between those who speak it and are on one link"""
        speakers = [port for port in link.ports if port.node.asn and
                    not port.node.is_customer]
        for port in speakers:
            for other in speakers:
                kind = self.session_kind(port.node, other.node)
                if kind:
                    port.node.sessions.append(
                        Session(kind, port.address.ip, other.address.ip,
                                other.node, port.device))

    def session_kind(self, node, other):
        if node is other or not (node.is_edge or other.is_edge):
            return ""
        if not (node.is_edge and other.is_edge):
            return "cloud"
        if node.circuit is other.circuit:
            return "pair"
        pair = {node.circuit.name, other.circuit.name}
        return "reach" if pair in self.reach else ""

    def ports_of(self, name):
        """What breaks when a link, a port (LINK:NODE) or a node breaks"""
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
        # A cable that is dead at one end is dead at both
        return [end for port in ports for end in
                (port.link.ports if len(port.link.ports) == 2 else [port])]
