# SPDX-License-Identifier: GPL-2.0
"""Write the topology as input of dot."""


def quoted(text):
    return '"' + text.replace('"', r'\"') + '"'


def dot(lab):
    lines = ["graph lab {", "\trankdir=LR; ranksep=0.9; nodesep=0.25;",
             "\tnode [shape=box, fontname=sans, fontsize=10];",
             "\tedge [fontname=sans, fontsize=8];",
             "\tgraph [fontname=sans, fontsize=11, style=rounded, "
             "color=gray50];"]
    places = {}
    for node in lab.nodes.values():
        places.setdefault(node.place, []).append(node)
    for place, nodes in places.items():
        lines.append(f"\tsubgraph {quoted('cluster ' + place)} {{")
        lines.append(f"\t\tlabel={quoted(place)};")
        lines += [f"\t\t{quoted(node.name)} [label={quoted(caption(node))}];"
                  for node in nodes]
        lines.append("\t}")
    for link in lab.links.values():
        lines += link_lines(lab, link)
    return "\n".join(lines + ["}"])


def caption(node):
    text = f"{node.name}\\n{node.label}"
    return text + (f"\\nAS {node.asn}" if node.asn else "")


def link_lines(lab, link):
    label = quoted(link.name)
    circuit = next((c for c in lab.circuits.values() if link in c.cables),
                   None)
    style = ""
    if circuit:
        label = quoted(link.name + "\\n" + "\\n".join(
            f"VLAN {p.vlan} {p.device} "
            f"{p.subnets[circuit.cables.index(link)][0]}"
            for p in circuit.peerings))
        style = ", penwidth=2, color=blue"
    if len(link.ports) == 2:
        a, b = (quoted(port.node.name) for port in link.ports)
        return [f"\t{a} -- {b} [label={label}{style}];"]
    switch = quoted("switch " + link.name)
    return [f"\t{switch} [label={label}, shape=ellipse];"] + \
        [f"\t{switch} -- {quoted(port.node.name)};" for port in link.ports]
