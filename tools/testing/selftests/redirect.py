#!/usr/bin/python3 -ES
# SPDX-License-Identifier: GPL-2.0
"""Load a BPF program that redirects received packets to another device.

usage: redirect.py xdp FROM TO    generic XDP
       redirect.py tc FROM TO     an ingress filter of FROM's clsact qdisc
"""
import ctypes
import os
import socket
import struct
import sys

# Constants of x86-64, linux/bpf.h and linux/if_link.h
SYS_BPF = 321
BPF_PROG_LOAD = 5
PROG_TYPES = {"tc": 3, "xdp": 6}
REDIRECT = 23
RTM_SETLINK, RTM_NEWTFILTER = 19, 44
NLM_F_REQUEST, NLM_F_ACK, NLM_F_EXCL, NLM_F_CREATE = 1, 4, 0x200, 0x400
NLA_F_NESTED = 0x8000
IFLA_XDP, IFLA_XDP_FD, IFLA_XDP_FLAGS, XDP_FLAGS_SKB_MODE = 43, 1, 3, 2
TCA_KIND, TCA_OPTIONS = 1, 2
TCA_BPF_FD, TCA_BPF_NAME, TCA_BPF_FLAGS, DIRECT_ACTION = 6, 7, 8, 1
CLSACT_INGRESS = 0xfffffff2
ETH_P_ALL_BE = 0x0300


def insn(code, reg, imm):
    return struct.pack("=BBhi", code, reg, 0, imm)


def load(kind, ifindex):
    """Load a program that does: return redirect(ifindex, 0)."""
    helper = REDIRECT
    code = insn(0xb7, 1, ifindex) + insn(0xb7, 2, 0) + \
        insn(0x85, 0, helper) + insn(0x95, 0, 0)
    code = ctypes.create_string_buffer(code, len(code))
    licence = ctypes.create_string_buffer(b"GPL")
    attr = struct.pack("=IIQQ", PROG_TYPES[kind], len(code) // 8,
                       ctypes.addressof(code), ctypes.addressof(licence))
    attr = ctypes.create_string_buffer(attr.ljust(128, b"\0"), 128)
    libc = ctypes.CDLL(None, use_errno=True)
    fd = libc.syscall(SYS_BPF, BPF_PROG_LOAD, attr, len(attr))
    if fd < 0:
        sys.exit("BPF: " + os.strerror(ctypes.get_errno()))
    return fd


def attribute(number, data):
    length = 4 + len(data)
    return struct.pack("=HH", length, number) + data + b"\0" * (-length % 4)


def request(kind, flags, body):
    flags |= NLM_F_REQUEST | NLM_F_ACK
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    sock.send(struct.pack("=IHHII", 16 + len(body), kind, flags, 1, 0) + body)
    error = struct.unpack_from("=i", sock.recv(65536), 16)[0]
    if error:
        sys.exit("netlink: " + os.strerror(-error))


def attach_xdp(ifindex, fd):
    options = attribute(IFLA_XDP_FD, struct.pack("=i", fd)) + \
        attribute(IFLA_XDP_FLAGS, struct.pack("=I", XDP_FLAGS_SKB_MODE))
    request(RTM_SETLINK, 0, struct.pack("=BxHiII", 0, 0, ifindex, 0, 0) +
            attribute(IFLA_XDP | NLA_F_NESTED, options))


def attach_tc(ifindex, fd):
    options = attribute(TCA_BPF_FD, struct.pack("=i", fd)) + \
        attribute(TCA_BPF_NAME, b"redirect\0") + \
        attribute(TCA_BPF_FLAGS, struct.pack("=I", DIRECT_ACTION))
    request(RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL,
            struct.pack("=BxxxiIII", 0, ifindex, 0, CLSACT_INGRESS,
                        1 << 16 | ETH_P_ALL_BE) +
            attribute(TCA_KIND, b"bpf\0") +
            attribute(TCA_OPTIONS | NLA_F_NESTED, options))


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in PROG_TYPES:
        sys.exit(__doc__)
    kind, dev, to = sys.argv[1:]
    fd = load(kind, socket.if_nametoindex(to))
    attach = attach_xdp if kind == "xdp" else attach_tc
    attach(socket.if_nametoindex(dev), fd)


if __name__ == "__main__":
    main()
