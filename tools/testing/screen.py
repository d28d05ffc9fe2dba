#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Draw a terminal's screen as SVG.

usage: tmux capture-pane -p -e | screen.py >FILE.svg

Knows bold, reverse video and their end, which is all that is used here.
"""

import re
import sys
from xml.sax.saxutils import escape

WIDTH, HEIGHT, MARGIN = 8, 17, 10
FOREGROUND, BACKGROUND = "#d8dee9", "#1e2430"


def runs(line):
    """Split a line in (column, text, attributes) of equal attributes."""
    column, attributes = 0, set()
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        code = re.fullmatch(r"\x1b\[([0-9;]*)m", part)
        if code:
            for number in code[1].split(";"):
                if number in ("", "0"):
                    attributes = set()
                else:
                    attributes = attributes | {number}
        elif part:
            yield column, part, attributes
            column += len(part)


def draw(column, row, text, attributes):
    x, y = MARGIN + column * WIDTH, MARGIN + row * HEIGHT
    width = len(text) * WIDTH
    colour = FOREGROUND
    if "7" in attributes:
        print(f'<rect x="{x}" y="{y}" width="{width}" height="{HEIGHT}" '
              f'fill="{FOREGROUND}"/>')
        colour = BACKGROUND
    weight = ' font-weight="bold"' if "1" in attributes else ""
    print(f'<text x="{x}" y="{y + 13}" textLength="{width}" '
          f'fill="{colour}"{weight}>{escape(text)}</text>')


def main():
    lines = sys.stdin.read().rstrip("\n").split("\n")
    columns = max(sum(len(text) for _, text, _ in runs(line))
                  for line in lines)
    width = 2 * MARGIN + columns * WIDTH
    height = 2 * MARGIN + len(lines) * HEIGHT
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
          f'height="{height}" font-family="monospace" font-size="13" '
          f'xml:space="preserve">')
    print(f'<rect width="{width}" height="{height}" rx="6" '
          f'fill="{BACKGROUND}"/>')
    for row, line in enumerate(lines):
        for run in runs(line):
            if run[1].strip() or "7" in run[2]:
                draw(run[0], row, *run[1:])
    print("</svg>")


main()
