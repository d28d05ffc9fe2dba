# SPDX-License-Identifier: GPL-2.0
"""Draws the topology as SVG.

From left to right the picture has the sites with their hosts and routers, the cables of
the circuits, Microsoft's edges, the two planes of the backbone, and the networks behind
it. The internet is below. A switch is a bar, and a dot on it is a connection. A cable is
a straight line above which its label has a row of its own, so that no line crosses a
text; tools/testing/overlaps checks that.
"""
from html import escape

from topology import Error

# Sizes in pixels
ROW = 84                # distance of two edges, which leaves room for a label
SERVER_ROW = 60
BOX = 48                # height of a node
TITLE = 24              # room for the title of a place
MARGIN = 10             # between a place and its nodes
GAP = 16                # between places
LINE = 14               # distance of two lines of text

# Left sides and widths of columns; positions of bars
HOST, HOST_W = 20, 76
ROUTER, ROUTER_W = 158, 132
CABLE = 346             # labels of cables
EDGE, EDGE_W = 574, 192
PLANES, PLANE_GAP = 812, 56
CLOUD, CLOUD_W = 918, 150
BAR = CLOUD + CLOUD_W + 35
SERVER, SERVER_W = BAR + 35, 116
WIDTH = SERVER + SERVER_W + 2 * MARGIN
TOP = 40

STYLE = """
text { font: 12px sans-serif; fill: #111 }
.title { font-weight: bold }
.place { fill: #f4f6f8; stroke: #889 }
.node { fill: #fff; stroke: #334 }
.link { stroke: #334; stroke-width: 1.5 }
.bar { stroke: #334; stroke-width: 4 }
.cable { stroke: #05c; stroke-width: 3 }
"""


class Picture:
    """Collects places, lines, nodes and texts, and prints them in this order."""

    def __init__(self):
        self.places, self.lines, self.nodes, self.texts = [], [], [], []
        self.at = {}            # node: (x, y, width, height)

    def text(self, x, y, text, anchor="start", css=""):
        css = f' class="{css}"' if css else ""
        self.texts.append(f'<text x="{x}" y="{y}" font-size="12" '
                          f'text-anchor="{anchor}"{css}>{escape(text)}</text>')

    def line(self, css, *points):
        path = "L".join(f"{x} {y}" for x, y in points)
        self.lines.append(f'<path class="{css}" fill="none" d="M{path}"/>')

    def join(self, x, y):
        """A connection to a bar"""
        self.lines.append(f'<circle cx="{x}" cy="{y}" r="4" fill="#334"/>')

    def place(self, name, x, y, width, height):
        self.places.append(f'<rect class="place" x="{x}" y="{y}" rx="6" '
                           f'width="{width}" height="{height}"/>')
        self.text(x + MARGIN, y + 16, name, css="title")

    def node(self, node, x, y, width, height=BOX):
        self.at[node] = (x, y, width, height)
        self.nodes.append(f'<rect class="node" x="{x}" y="{y}" rx="3" '
                          f'width="{width}" height="{height}"/>')
        lines = caption(node)
        top = y + (height - LINE * len(lines)) // 2 + 11
        for i, line in enumerate(lines):
            self.text(x + width // 2, top + LINE * i, line, "middle",
                      "" if i else "title")

    def middle(self, node):
        """Half the height of a node"""
        _, y, _, height = self.at[node]
        return y + height // 2

    def svg(self, height):
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}">',
            "<!-- SPDX-License-Identifier: GPL-2.0 -->",
            f"<style>{STYLE}</style>",
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
            *self.places, *self.lines, *self.nodes, *self.texts, "</svg>"])


def caption(node):
    return [node.name, *node.label.split(", "), *([f"AS {node.asn}"] if node.asn else [])]


def draw(lab):
    """The picture of a lab, as text"""
    picture = Picture()
    bottom = max(draw_circuits(picture, lab), draw_clouds(picture, lab))
    height = draw_internet(picture, lab, bottom + 2 * GAP)
    left = [node.name for node in lab.nodes.values() if node not in picture.at]
    if left:
        raise Error("the picture has no column for " + ", ".join(left))
    return picture.svg(height + GAP)


def draw_circuits(picture, lab):
    """The sites and the edges, each edge at the height of its cable"""
    bottom = TOP
    for router in customers(lab):
        top = bottom
        for circuit in router.circuits:
            bottom = draw_edges(picture, circuit, bottom) + GAP
        draw_site(picture, lab, router, top, bottom - GAP)
        for circuit in router.circuits:
            for leg, cable in enumerate(circuit.cables):
                draw_cable(picture, circuit, leg, cable)
    for i, plane in enumerate(planes(lab)):
        draw_bar(picture, plane, PLANES + i * PLANE_GAP, TOP,
                 [port.node for port in plane.ports if port.node.is_edge])
    return bottom


def draw_edges(picture, circuit, top):
    y = top + TITLE
    height = TITLE + ROW * (len(circuit.edges) - 1) + BOX + MARGIN
    picture.place(circuit.edges[0].place, EDGE - MARGIN, top,
                  EDGE_W + 2 * MARGIN, height)
    for edge in circuit.edges:
        picture.node(edge, EDGE, y, EDGE_W)
        y += ROW
    for pair in {port.link for edge in circuit.edges for port in edge.ports
                 if all(end.node in circuit.edges for end in port.link.ports)}:
        x = EDGE + EDGE_W // 2
        upper, lower = sorted(picture.at[end.node][1] for end in pair.ports)
        picture.line("link", (x, upper + BOX), (x, lower))
        picture.text(x + 8, (upper + BOX + lower) // 2 + 4, pair.name)
    return top + height


def draw_site(picture, lab, router, top, bottom):
    picture.place(router.place, HOST - MARGIN, top,
                  ROUTER + ROUTER_W - HOST + 2 * MARGIN, bottom - top)
    picture.node(router, ROUTER, top + TITLE, ROUTER_W, bottom - top - TITLE - MARGIN)
    hosts = [node for node in lab.nodes.values()
             if node.place == router.place and node is not router]
    for i, host in enumerate(hosts):
        picture.node(host, HOST, top + TITLE + ROW * i, HOST_W)
        y = picture.middle(host)
        picture.line("link", (HOST + HOST_W, y), (ROUTER, y))
        picture.text((HOST + HOST_W + ROUTER) // 2, y - 6, host.ports[0].link.name,
                     "middle")


def draw_cable(picture, circuit, leg, cable):
    y = picture.middle(circuit.edges[leg])
    picture.line("cable", (ROUTER + ROUTER_W, y), (EDGE, y))
    lines = [cable.name] + [f"VLAN {p.vlan} {p.device} {p.subnets[leg][0]}"
                            for p in circuit.peerings]
    for i, line in enumerate(lines):
        picture.text(CABLE, y - 8 - LINE * (len(lines) - 1 - i), line,
                     css="" if i else "title")


def draw_bar(picture, link, x, top, left=(), right=()):
    """A switch as a vertical bar with nodes on its left and on its right"""
    heights = [picture.middle(node) for node in (*left, *right)]
    picture.line("bar", (x, min(top, *heights)), (x, max(heights)))
    picture.text(x, min(top, *heights) - 8, link.name, "middle")
    for node in left:
        join_node(picture, node, x, picture.middle(node))
    for node in right:
        join_node(picture, node, x, picture.middle(node))


def join_node(picture, node, x, y):
    """A line from the near side of a node to a vertical bar at x"""
    left, _, width, _ = picture.at[node]
    picture.line("link", (left if x < left else left + width, y), (x, y))
    picture.join(x, y)


def draw_clouds(picture, lab):
    """The networks behind the backbone; the one with a way to the internet is the last"""
    clouds = sorted((node for node in lab.nodes.values() if node.is_cloud),
                    key=lambda node: bool(node.masquerade))
    bottom = TOP
    for cloud in clouds:
        servers = [node for node in lab.nodes.values()
                   if node.place == cloud.place and node is not cloud]
        height = TITLE + 12 + SERVER_ROW * (len(servers) - 1) + BOX + MARGIN
        picture.place(cloud.place, CLOUD - MARGIN, bottom,
                      SERVER + SERVER_W - CLOUD + 2 * MARGIN, height)
        top = bottom + TITLE + 12
        for i, node in enumerate(servers):
            picture.node(node, SERVER, top + SERVER_ROW * i, SERVER_W)
        picture.node(cloud, CLOUD, top, CLOUD_W, height - TITLE - 12 - MARGIN)
        behind = next(port.link for port in servers[0].ports)
        draw_bar(picture, behind, BAR, top, [cloud], servers)
        for i, plane in enumerate(planes(lab)):
            x, y = PLANES + i * PLANE_GAP, picture.middle(cloud) - 24 + 48 * i
            join_node(picture, cloud, x, y)
            picture.line("bar", (x, TOP), (x, y))
        bottom += height + GAP
    return bottom


def draw_internet(picture, lab, top):
    """The internet: a hub with the lines of the sites, and servers at its switch"""
    hub = next(node for node in lab.nodes.values()
               if node not in picture.at and len(node.ports) > 1)
    servers = [node for node in lab.nodes.values()
               if node.place == hub.place and node is not hub]
    height = TITLE + 2 * BOX + 64
    picture.place(hub.place, HOST - MARGIN, top, WIDTH - HOST, height)
    picture.node(hub, ROUTER, top + TITLE, ROUTER_W + 44)
    bar = top + TITLE + BOX + 24
    x = ROUTER + ROUTER_W + 80
    for server in servers:
        picture.node(server, x, bar + 24, SERVER_W)
        picture.line("link", (x + SERVER_W // 2, bar), (x + SERVER_W // 2, bar + 24))
        picture.join(x + SERVER_W // 2, bar)
        x += SERVER_W + 30
    picture.line("bar", (ROUTER + 60, bar), (x - 30 - SERVER_W // 2, bar))
    picture.line("link", (ROUTER + 60, bar), (ROUTER + 60, top + TITLE + BOX))
    picture.join(ROUTER + 60, bar)
    picture.text(ROUTER + 48, bar + 4, servers[0].ports[0].link.name, "end")
    draw_lines(picture, hub, top)
    return top + height


def draw_lines(picture, hub, top):
    """The lines from the internet to the sites and to a network of the cloud"""
    x = outer = ROUTER + ROUTER_W + 34
    _, hub_top, hub_width, _ = picture.at[hub]
    for port in hub.ports:
        if len(port.link.ports) != 2:
            continue
        far = next(end.node for end in port.link.ports if end is not port)
        _, y, _, height = picture.at[far]
        if far.is_customer:
            y += height - 6
            picture.line("link", (ROUTER + ROUTER_W, y), (x, y), (x, hub_top))
            picture.text(x + (8 if x == outer else -8), top - 10, port.link.name,
                         "start" if x == outer else "end")
            x -= 12
        else:
            down, near = CLOUD + CLOUD_W // 2, picture.middle(hub)
            picture.line("link", (down, y + height), (down, near),
                         (ROUTER + hub_width, near))
            picture.text((down + ROUTER + hub_width) // 2, near - 6, port.link.name,
                         "middle")


def customers(lab):
    return [node for node in lab.nodes.values() if node.is_customer]


def planes(lab):
    """The switches of the backbone"""
    return [link for link in lab.links.values() if len(link.ports) > 2 and
            any(port.node.is_edge for port in link.ports)]
