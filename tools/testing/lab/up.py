# SPDX-License-Identifier: GPL-2.0
"""Build a lab: network namespaces, the cables between them, and their daemons.

All cables are in a separate namespace named "wire": a cable is a bridge with a
port to each end. So it can be cut or made silent without a change to the nodes'
interfaces.

Each node has a folder in RUN, with the script that starts it and the files of its
daemons.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import time

import bgp
from topology import Error, LEGS, PRIVATE, VERSIONS

RUN = "/run/lab"
WIRE = "wire"
FRR = "/usr/lib/frr"
# Seconds until a condition must be true; a busy machine needs many
PATIENCE = int(os.environ.get("ERC_PATIENCE", 300))


def path(node, *names):
    return os.path.join(RUN, node.name, *names)


def wait(complaint, look):
    """Wait until look() returns nothing"""
    end = time.monotonic() + PATIENCE
    found = look()
    while found:
        if time.monotonic() > end:
            raise Error(f"{complaint}: " + ", ".join(found))
        time.sleep(0.05)
        found = look()


def write(node, name, text):
    with open(path(node, name), "w") as file:
        file.write(text)


# --- the wire -----------------------------------------------------------------

def wire_lines(lab):
    lines = [f"netns add {name}" for name in [*lab.nodes, WIRE]]
    for link in lab.links.values():
        lines += [f"link add {port.device} netns {port.node.name} type veth "
                  f"peer name {port.wire} netns {WIRE}" for port in link.ports]
    return lines


def switch_lines(lab):
    lines = []
    for link in lab.links.values():
        lines.append(f"link add {link.name} up type bridge mcast_snooping 0")
        lines += [f"link set {port.wire} master {link.name} up"
                  for port in link.ports]
    return lines


# --- a node -------------------------------------------------------------------

def interface_lines(node):
    """Commands for ip -batch"""
    lines = ["link set lo up"]
    for port in node.ports:
        lines.append(f"link set {port.device} up")
        lines += address_lines(port.addresses, port.device)
    for circuit in node.circuits:
        lines += vlan_lines(node, circuit)
    # Routes by BGP have metric 32 and so take precedence
    lines += [f"route add default via {gateway} metric 100"
              for gateway in node.gateway.split()]
    if node.masquerade:
        # Private packets must not reach the internet: without a better route they
        # are dropped
        lines += [f"route add unreachable {net} metric 9999"
                  for net in PRIVATE]
    return lines


def address_lines(addresses, device):
    return [f"addr add {address} dev {device}" +
            (" nodad" if address.version == 6 else "")
            for address in addresses]


def vlan_lines(node, circuit):
    """The VLANs of the peerings, at both ends of the cables"""
    lines = []
    end = 1 if node.is_edge else 0
    for leg, cable in enumerate(circuit.cables):
        for port in cable.ports:
            if port.node is not node:
                continue
            for peering in circuit.peerings:
                vlan = peering.vlan_device(port)
                lines += [
                    f"link add link {port.device} name {vlan} up type vlan "
                    f"id {peering.vlan}",
                    *address_lines(peering.interfaces(leg, end), vlan),
                ]
    return lines


def circuit_lines(circuit):
    """The customer's commands; the contract's terms come with the first"""
    terms = (f"bandwidth {circuit.bandwidth} provider-state provisioned")
    lines = []
    for peering in circuit.peerings:
        legs = " ".join(leg_options(peering, leg) for leg in range(len(LEGS)))
        lines += [
            f"ercircuit add {peering.device} {legs} mode {circuit.mode} "
            f"{circuit.options} peering {peering.kind} key {circuit.key} "
            f"{terms}",
            f"ip link set {peering.device} addrgenmode none",
            f"ip link set {peering.device} up",
            *(f"ercircuit breakout {peering.device} add {what} "
              f"dev {circuit.customer.masquerade}"
              for what in peering.breakout),
        ]
        terms = ""
    return lines


def leg_options(peering, leg):
    near = peering.circuit.cables[leg].ports[0]
    via = " ".join(f"via {address.ip}"
                   for address in peering.interfaces(leg, 1))
    return f"{LEGS[leg]} {peering.vlan_device(near)} {via} bfd on"


def nat_rules(node):
    """Public addresses, to the internet and on Microsoft peering"""
    rules = [f'oifname "{node.masquerade}" masquerade']
    rules += [f'oifname "{peering.device}" snat ip to {peering.nat}'
              for peering in node.peerings if peering.nat]
    return nft_chain("public", "type nat hook postrouting priority srcnat",
                     rules)


def transit_rules(node):
    """A cloud does not forward from one edge to another"""
    edges = ", ".join(sorted({f'"{s.device}"' for s in node.sessions}))
    return nft_chain("transit", "type filter hook forward priority filter",
                     [f"iifname {{ {edges} }} oifname {{ {edges} }} drop"])


def nft_chain(name, hook, rules):
    return "\n\t\t".join([f"table inet {name} {{\n\tchain {name} {{", hook,
                          *rules]) + "\n\t}\n}"


def sysctls(node):
    # A traceroute gets answers of edges, whose addresses are on the legs
    settings = ["net.ipv4.conf.all.rp_filter=0",
                "net.ipv4.conf.default.rp_filter=0",
                "net.ipv6.conf.all.router_solicitations=0",
                "net.ipv6.conf.default.router_solicitations=0"]
    if node.forwards:
        settings += ["net.ipv4.ip_forward=1",
                     "net.ipv6.conf.all.forwarding=1",
                     # Use both legs of an active-active circuit
                     "net.ipv4.fib_multipath_hash_policy=0"]
    return settings


def daemon_lines(lab, node):
    """Write the files of a node's daemons. Return the commands to start them"""
    daemons = {}
    if node.is_edge:
        write(node, "zebra.conf", f"hostname {node.name}\n")
        write(node, "bfdd.conf", f"hostname {node.name}\n")
        write(node, "bgpd.conf", bgp.frr_bgpd(lab, node))
        for daemon, more in ("zebra", ""), ("bfdd", " --bfdctl bfdd.sock"), \
                ("bgpd", ""):
            daemons[daemon] = (
                f"{FRR}/{daemon} -f {daemon}.conf --vty_socket {path(node)} "
                f"-z {path(node)}/zserv.api -i {daemon}.pid -P 0{more}")
        shutil.chown(path(node), "frr", "frr")
    elif node.asn:
        write(node, "bird.conf", bgp.bird_conf(node))
        daemons["bird"] = "bird -f -c bird.conf -s bird.ctl -P bird.pid"
    if node.http:
        os.mkdir(path(node, "www"))
        write(node, "www/index.html", node.http + "\n")
        busybox = os.environ.get("ERC_BUSYBOX", "busybox")
        daemons["httpd"] = f"{busybox} httpd -f -h www"
    if node.dns:
        daemons["dnsmasq"] = ("dnsmasq -k -C /dev/null -R -h -u root "
                              "-S /example/ -x dnsmasq.pid " + " ".join(
                                  f"-A /{name}/{address}"
                                  for name, address in node.dns.items()))
    for daemon, command in daemons.items():
        write(node, daemon + ".sh",
              f"cd {path(node)} || exit\n"
              # FRR writes there; hide it from the rest of the machine
              "mount -t tmpfs tmpfs /var/tmp\n"
              # As in a router, forwarding must not delay the daemons
              f"setsid nice -n -10 {command} >>{daemon}.log 2>&1 </dev/null &\n"
              + ("" if "-i " in command or "pid" in command else
                 f"echo $! >{daemon}.pid\n"))
    lines = [f"sh ./{daemon}.sh" for daemon in daemons]
    if node.is_edge:
        # Without zebra the other daemons would retry after ten seconds
        lines.insert(1, "until [ -S zserv.api ]; do sleep 0.05; done")
    return lines


def node_script(lab, node):
    """Write the script that starts a node"""
    os.mkdir(path(node))
    write(node, "interfaces", "\n".join(interface_lines(node)) + "\n")
    lines = ["set -e", f"cd {path(node)}",
             "sysctl -qw " + " ".join(sysctls(node)),
             "ip -batch interfaces"]
    if node.is_customer:
        for circuit in node.circuits:
            lines += circuit_lines(circuit)
    rules = [nat_rules(node)] if node.masquerade else []
    if node.is_cloud:
        rules.append(transit_rules(node))
    if rules:
        write(node, "rules", "\n".join(rules) + "\n")
        lines.append("nft -f rules")
    write(node, "up.sh", "\n".join(lines + daemon_lines(lab, node)) + "\n")


def build(lab):
    os.makedirs(RUN)
    for node in lab.nodes.values():
        node_script(lab, node)
    if not os.path.exists("/sys/module/ercircuit"):
        module = os.environ.get("ERC_KO")
        subprocess.run(["insmod", module] if module else
                       ["modprobe", "ercircuit"], check=True)
    subprocess.run(["ip", "-batch", "-"], check=True, text=True,
                   input="\n".join(wire_lines(lab)) + "\n")
    subprocess.run(["ip", "-n", WIRE, "-batch", "-"], check=True, text=True,
                   input="\n".join(switch_lines(lab)) + "\n")
    # Starting daemons takes time, so start all nodes in parallel
    running = [(node, subprocess.Popen(
        ["ip", "netns", "exec", node.name, "sh", path(node, "up.sh")]))
        for node in lab.nodes.values()]
    for node, process in running:
        if process.wait():
            raise RuntimeError(f"{node.name}: {path(node, 'up.sh')} failed")


# --- state of the lab ---------------------------------------------------------

def missing(lab):
    """Circuits with missing legs, nodes with missing BGP sessions or routes, and
    missing servers. Later checks are made only when the earlier ones have passed,
    because each check takes time"""
    return (
        [what for circuit in lab.circuits.values()
         for what in missing_legs(circuit)] or
        [f"BGP of {node.name}" for node in lab.nodes.values()
         if established(node) < len([session for session in node.sessions
                                     if session.kind != "reach"])] or
        [what for node in lab.nodes.values() if node.circuits
         for what in missing_routes(lab, node)] or
        [what for node in lab.nodes.values() for what in missing_servers(node)])


def missing_legs(circuit):
    """Devices of which a leg is not up, or which are active-backup and not on the
    primary"""
    files = " ".join(f"{peering.device}/ercircuit/{name}"
                     for peering in circuit.peerings
                     for name in ("*/state", "active"))
    shown = subprocess.run(
        ["ip", "netns", "exec", circuit.customer.name, "sh", "-c",
         f"cd /sys/class/net; cat {files}"],
        check=False, stdout=subprocess.PIPE, text=True).stdout.split()
    devices = len(circuit.peerings)
    active = "both" if circuit.mode == "active-active" else "primary"
    if shown.count("up") < devices * len(LEGS) or \
            shown.count(active) < devices:
        return [f"legs of {circuit.name}"]
    return []


def unsettled(lab, seconds):
    """Routers whose circuits have had an event in the last seconds"""
    since = time.clock_gettime_ns(time.CLOCK_BOOTTIME) - seconds * 10**9
    return [circuit.customer.name for circuit in lab.circuits.values()
            if any(event["when_ns"] > since
                   for event in events(circuit.customer))]


def events(node):
    """The log of a router's circuits"""
    return json.loads(subprocess.run(
        ["ip", "netns", "exec", node.name, "ercircuit", "-j", "log"],
        check=True, stdout=subprocess.PIPE).stdout)


def missing_routes(lab, node):
    """Missing routes: a router must know the networks of all clouds, and an edge
    those of its customer, too"""
    tellers = [other for other in lab.nodes.values() if other.is_cloud]
    if node.is_edge:
        tellers.append(node.circuits[0].customer)
    known = learned(node)
    return [f"{net} from {node.name}"
            for other in tellers for net in other.announce if net not in known]


def missing_servers(node):
    """Ports of servers that do not listen yet"""
    wanted = {port for port, served in ((80, node.http), (53, node.dns))
              if served}
    if not wanted:
        return []
    shown = subprocess.run(
        ["ip", "netns", "exec", node.name, "ss", "-Hltn"],
        check=True, stdout=subprocess.PIPE, text=True).stdout
    heard = {int(line.split()[3].rpartition(":")[2])
             for line in shown.splitlines()}
    return [f"port {port} of {node.name}" for port in sorted(wanted - heard)]


def learned(node):
    """The networks to which a router has a route by BGP"""
    known = set()
    for version in VERSIONS:
        shown = subprocess.run(
            ["ip", f"-{version}", "-n", node.name, "-j", "route", "show",
             "proto", "bgp" if node.is_edge else "bird"],
            check=False, stdout=subprocess.PIPE).stdout
        known |= {route["dst"].replace("default", "0.0.0.0/0")
                  for route in json.loads(shown or "[]")}
    return known


def established(node):
    """The number of BGP sessions that are up, without Global Reach. On an edge
    only sessions with routes in both directions count, as all should have some."""
    if not node.asn:
        return 0
    try:
        if not node.is_edge:
            return birdc(node, "show protocols").count("Established")
        families = json.loads(bgpd(node, "show bgp summary json"))
    except (OSError, ValueError, subprocess.CalledProcessError):
        return 0
    reach = [str(s.remote) for s in node.sessions if s.kind == "reach"]
    return len([peer for family in families.values()
                for peer, is_ in family["peers"].items()
                if is_["state"] == "Established" and is_["pfxRcd"] and
                is_["pfxSnt"] and peer not in reach])


def bgpd(node, *commands):
    """Talk to bgpd as vtysh does, but send all commands at once. Each command ends
    in a zero byte; each answer ends in three of them and a status"""
    answer = b""
    with socket.socket(socket.AF_UNIX) as vty:
        vty.settimeout(5)
        vty.connect(path(node, "bgpd.vty"))
        for command in ("enable", *commands):
            vty.sendall(command.encode() + b"\0")
            answer = b""
            while answer[-4:-1] != b"\0\0\0":
                part = vty.recv(65536)
                if not part:
                    raise OSError("bgpd is gone")
                answer += part
    return answer[:-4].decode()


def birdc(node, command):
    return subprocess.run(["birdc", "-s", path(node, "bird.ctl"),
                           *command.split()], check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def daemon_pid(node, daemon):
    with open(path(node, daemon + ".pid")) as file:
        return int(file.read())


def end_all(pids):
    """Kill processes, and wait until they have ended"""
    waiting = []
    for pid in pids:
        if pid != os.getpid():
            try:
                os.kill(pid, signal.SIGKILL)
                waiting.append(pid)
            except ProcessLookupError:
                pass
    wait("not ended", lambda: [f"process {pid}" for pid in waiting
                               if os.path.exists(f"/proc/{pid}/exe")])
