#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Check that four descriptions of the netlink attributes agree.

usage: uapi.py [FOLDER]

The UAPI header names and numbers the attributes, and its kernel-doc gives the type, the
enumeration and the access of each.  The YNL specification, the policies of the driver
and the option tables of the tools repeat that, and this script compares them with the
header.  FOLDER is the top of the sources.  Prints each difference; silent and successful
if there is none.
"""

import glob
import os
import re
import sys

import yaml

HEADER = "include/uapi/linux/if_ercircuit.h"
SPEC = "Documentation/netlink/specs/ercircuit.yaml"

# Each set of attributes: the enumeration and prefix in the header, the set in the
# specification, the policy in the driver and the table in the tools; None where there
# is none
SETS = (
    ("ercircuit_attr", "IFLA_ERCIRCUIT_", "linkinfo-ercircuit-attrs",
     "erc_request_policy", "erc_options_circuit"),
    ("ercircuit_leg_attr", "IFLA_ERCIRCUIT_LEG_", "linkinfo-ercircuit-leg-attrs",
     "erc_request_leg_policy", "erc_options_leg"),
    ("ercircuit_reach_attr", "IFLA_ERCIRCUIT_REACH_",
     "linkinfo-ercircuit-reach-attrs", None, None),
)

# The first word of a description in the header: the type and the other attributes in
# the specification, the type in the policy, and the size in the tools
TYPES = {
    "u8": ({"type": "u8"}, "NLA_U8", "uint8_t"),
    "u32": ({"type": "u32"}, "NLA_U32", "uint32_t"),
    "u64": ({"type": "u64"}, "NLA_U64", "uint64_t"),
    "be32": ({"type": "u32", "byte-order": "big-endian"}, "NLA_U32",
             "struct in_addr"),
    "struct in6_addr": ({"type": "binary", "checks": {"exact-len": 16}},
                        "sizeof(struct in6_addr)", "struct in6_addr"),
    "%ERCIRCUIT_KEY_BYTES": ({"type": "binary", "checks": {"exact-len": 16}},
                             "ERCIRCUIT_KEY_BYTES", "ERCIRCUIT_KEY_BYTES"),
    "string": ({"type": "string", "checks": {"max-len": 127}}, "NLA_NUL_STRING", None),
    "flag": ({"type": "flag"}, "NLA_FLAG", None),
    "nest": ({"type": "nest"}, "NLA_NESTED", None),
    "padding": ({"type": "pad"}, "unknown", None),
}


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def sources(top, folder):
    """The text of all C files below a folder, as one"""
    files = glob.glob(os.path.join(top, folder, "**/*.c"), recursive=True)
    return "\n".join(read(f) for f in sorted(files)
                     if not f.startswith(os.path.join(top, "tools/testing")))


def enumeration(header, name):
    """The members of an enumeration in order, without their number"""
    body = re.search(rf"enum {name} {{(.*?)}};", header, re.S)[1]
    return re.findall(r"\b[A-Z_0-9]+\b(?=,)", re.sub(r"/\*.*?\*/", "", body))


def descriptions(header, name):
    """The kernel-doc of each member of an enumeration, on one line"""
    text = re.search(rf"/\*\*\n \* enum {name} -(.*?)\n \*/", header, re.S)[1]
    text = re.sub(r"\n \*[ \t]*", " ", text)
    return dict(re.findall(r"@(\w+): (.*?)(?= @|$)", text))


def access(text):
    return next((a for a in ("read-only", "write-only") if a in text),
                "read-write")


def spec_name(name, prefix):
    return name[len(prefix):].lower().replace("_", "-")


class Attribute:
    """An attribute, as the header describes it"""

    def __init__(self, name, prefix, text):
        self.name = name
        self.short = spec_name(name, prefix)
        self.access = access(text)
        self.kind = next((k for k in TYPES if re.match(rf"{re.escape(k)}\b", text)),
                         None)
        values = re.match(r"u8, &enum (\w+)", text)
        self.values = values and values[1]

    def __str__(self):
        return self.name


def compare_spec(attrs, spec, enums):
    """Differences between the header and a set of the specification"""
    names = [a["name"] for a in spec]
    if names != [a.short for a in attrs]:
        yield f"{SPEC}: the attributes are {names}"
        return
    for attr, item in zip(attrs, spec):
        wanted = dict(TYPES[attr.kind][0])
        if attr.values:
            wanted["enum"] = attr.values.replace("_", "-")
        got = {k: item.get(k) for k in ("type", "byte-order", "checks", "enum")
               if k in item}
        if got != wanted:
            yield f"{SPEC}: {attr.short} is {got}, and the header says {wanted}"
        if item.get("enum", "") not in ("", *enums):
            yield f"{SPEC}: {attr.short} has an unknown enumeration"


def compare_enums(header, spec):
    """Differences between the enumerations of the header and the specification"""
    for item in spec:
        name = item["enum-name"].replace("-", "_")
        values = enumeration(header, name)[:-1]
        named = [(item["name-prefix"] + e).upper().replace("-", "_")
                 for e in item["entries"]]
        if values != named:
            yield f"{SPEC}: {item['name']} is {named}, and the header has {values}"


def policies(text, name):
    """The policy of each attribute: a type, or its access if that is refused"""
    body = re.search(rf"\b{name}\[[^=]*?\] = {{(.*?)\n}};", text, re.S)[1]
    result = {}
    for attr, value in re.findall(r"\[(IFLA_\w+)\]\s*=\s*(.*?),\n", body, re.S):
        if "READ_ONLY" in value:
            result[attr] = "read-only"
        elif "UNKNOWN" in value:
            result[attr] = "unknown"
        else:
            result[attr] = re.search(r"type = (\w+)|LEN\((.*)\)$", value).group(1, 2)
            result[attr] = next(filter(None, result[attr]))
    return result


def compare_policy(attrs, policy):
    """Differences between the header and a policy of the driver"""
    for attr in attrs:
        wanted = TYPES[attr.kind][1]
        if attr.access == "read-only":
            wanted = "read-only"
        got = policy.get(attr.name)
        if got != wanted:
            yield f"policy: {attr} is {got}, and the header says {wanted}"


def options(text, name):
    """The lines of a table of options: attribute, type, access, names"""
    body = re.search(rf"\b{name}\[\] = {{(.*?)\n\t{{}}\n}};", text, re.S)[1]
    for line in re.findall(r"{ (\".*?) }", body, re.S):
        attr = re.search(r"IFLA_\w+", line)[0]
        flag = re.search(r"\bERC_(RO|WO)\b", line)
        names = re.search(r"&(erc_names_\w+)", line)
        yield (attr, re.search(r"&erc_(?:options_)?type_(\w+)", line)[1],
               {"RO": "read-only", "WO": "write-only"}[flag[1]] if flag
               else "read-write", names and names[1])


def type_sizes(text):
    """The size of the attribute of each type of the tools"""
    result = {}
    for name, body in re.findall(r"struct erc_type erc_(?:options_)?type_(\w+) = {(.*?)};",
                                 text, re.S):
        size = re.search(r"\.size\s*= (?:sizeof\((.*?)\)|(\w+))", body)
        result[name] = size and (size[1] or size[2])
    return result


def name_macro(values):
    return values.upper() + "_NAMES"


def compare_option(attr, option, sizes, macros):
    """Differences between the header and a line of the table"""
    _, kind, may, names = option
    size = TYPES[attr.kind][2]
    if sizes[kind] != size:
        yield f"options: {attr} has type {kind}, and the header says {attr.kind}"
    # The option of the circuit sets the device of a leg; "no" options only write
    if may != attr.access and attr.short not in ("ifindex", "name") and \
            not (kind == "noleg" and may == "write-only"):
        yield f"options: {attr} is {may}, and the header says {attr.access}"
    if attr.values and macros.get(names) != name_macro(attr.values):
        yield f"options: {attr} has the names of {names}"


def compare_options(attrs, table, sizes, macros):
    """Differences between the header and a table of the tools"""
    table = list(table)
    for attr in attrs:
        if attr.kind == "padding":
            continue
        lines = [o for o in table if o[0] == attr.name]
        if not lines:
            yield f"options: {attr} is missing"
        for line in lines:
            yield from compare_option(attr, line, sizes, macros)


def compare(top):
    """All differences"""
    header = read(top, HEADER)
    spec = yaml.safe_load(read(top, SPEC))
    sets = {s["name"]: s["attributes"] for s in spec["attribute-sets"]}
    driver = sources(top, "driver")
    tools = sources(top, "tools")
    sizes = type_sizes(tools)
    macros = dict(re.findall(r"struct erc_names (\w+) =\s*ERC_NAMES\((\w+)\)", tools))
    yield from compare_enums(header, spec["definitions"])
    enums = [e["name"] for e in spec["definitions"]]
    for enum, prefix, set_name, policy, table in SETS:
        texts = descriptions(header, enum)
        attrs = [Attribute(n, prefix, texts.get(n, ""))
                 for n in enumeration(header, enum)[1:]]
        unclear = [str(a) for a in attrs if not a.kind]
        if unclear:
            yield f"{HEADER}: no type in the description of {unclear}"
            continue
        yield from compare_spec(attrs, sets[set_name], enums)
        if policy:
            yield from compare_policy(attrs, policies(driver, policy))
        if table:
            yield from compare_options(attrs, options(tools, table), sizes, macros)


def main():
    if len(sys.argv) > 2 or sys.argv[1:] in (["-h"], ["--help"]):
        sys.exit(__doc__)
    top = sys.argv[1] if len(sys.argv) == 2 else os.path.join(
        os.path.dirname(os.path.abspath(__file__)), "../..")
    found = list(compare(top))
    print("\n".join(found), end="\n" if found else "")
    sys.exit(bool(found))


main()
