"""Say which TCP port is free, or who holds one.

ports.py free PORT     prints PORT if it is free, else a free one
ports.py holder PORT   prints the process that listens there, nothing if it is free
"""

import os
import re
import socket
import sys


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def any_free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listening_inodes(port):
    """Return the socket inodes that listen on the port, by the kernel's tables."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if not os.path.exists(table):
            continue
        with open(table, encoding="ascii") as lines:
            for line in list(lines)[1:]:
                column = line.split()
                # 0A is the kernel's number for the state LISTEN.
                if column[3] == "0A" and int(column[1].split(":")[1], 16) == port:
                    found.add(column[9])
    return found


def process_of(inodes):
    for pid in filter(str.isdigit, os.listdir("/proc")):
        folder = f"/proc/{pid}/fd"
        try:
            for entry in os.listdir(folder):
                match = re.match(r"socket:\[(\d+)\]", os.readlink(f"{folder}/{entry}"))
                if match and match[1] in inodes:
                    with open(f"/proc/{pid}/cmdline", encoding="utf-8") as command:
                        words = command.read().split("\0")[:3]
                    return f"process {pid} ({' '.join(words).strip()})"
        except OSError:
            # The process ended meanwhile, or belongs to somebody else.
            continue
    return "a process of another user"


def main(verb, port):
    if verb == "free":
        print(port if port and is_free(port) else any_free_port())
    elif not is_free(port):
        print(process_of(listening_inodes(port)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
