#!/usr/bin/python3 -ES
# SPDX-License-Identifier: GPL-2.0
"""Run actions at exact moments, for guests with a simulated clock.

usage: at.py HOUR <SCHEDULE

HOUR is the hour of CLOCK_BOOTTIME at which day 0 begins. A line of the schedule
has a day, a time of day and an action. The action is a request, in the words of
netlink.py, or

    read FOLDER FILE...    print the line, then name and value of each FILE

The clock of such a guest advances only when a program reads it or asks the host
for a file. This program therefore prepares all actions first; at its moment, an
action makes system calls only.
"""
import ctypes
import errno
import os
import sys

import netlink

CLOCK_BOOTTIME, TIMER_ABSTIME = 7, 1


class Timespec(ctypes.Structure):
    """struct timespec"""
    _fields_ = [("tv_sec", ctypes.c_long), ("tv_nsec", ctypes.c_long)]


def wait_until(second):
    libc = ctypes.CDLL(None)
    left = errno.EINTR
    while left == errno.EINTR:
        left = libc.clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME,
                                    ctypes.byref(Timespec(second, 0)), None)
    if left:
        sys.exit("at.py: " + os.strerror(left))


def moment(day, time):
    hours, minutes, seconds = map(int, time.split(":"))
    return ((int(day) * 24 + hours) * 60 + minutes) * 60 + seconds


def reading(folder, *files):
    fds = [os.open(os.path.join(folder, file), os.O_RDONLY) for file in files]

    def read():
        values = [os.pread(fd, 64, 0) for fd in fds]
        for file, fd, value in zip(files, fds, values):
            print(file, value.decode().strip())
            os.close(fd)
    return read


def requesting(verb, dev, *words):
    nl = netlink.Netlink()
    kind, flags, *rest = netlink.compose(verb, dev, list(words))
    message = nl.message(kind, flags | netlink.F_ACK, *rest)

    def request():
        nl.send(message)
        nl.answer()
    return request


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    schedule = [line.split() for line in sys.stdin if line.strip()]
    # With real-time priority, no action is late because of another process
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    for day, time, *words in schedule:
        if words[0] == "read":
            print(day, time)
            act = reading(*words[1:])
        else:
            act = requesting(*words)
        wait_until(int(sys.argv[1]) * 3600 + moment(day, time))
        act()


if __name__ == "__main__":
    main()
