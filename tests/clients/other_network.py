"""Runs a command as on a machine with another network: python3 other_network.py KIND command...

KIND is a function of KINDS. Those that change the settings of the network need a network namespace of
their own (in_namespace()).
"""

import ctypes
import errno
import fcntl
import os
import platform
import socket
import struct
import subprocess
import sys

UNSHARE = ("unshare", "--net", "--map-root-user")


def without_family():
    """The kernel knows nothing of IPv6: socket() fails with EAFNOSUPPORT. A filter of system calls
    (seccomp) does that, which needs no rights."""
    arch, number = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}[platform.machine()]
    load, jump_if_equal, give = 0x20, 0x15, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_RET|K
    allow, fail = 0x7FFF0000, 0x00050000  # SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO
    # Offsets in struct seccomp_data: 4 the architecture, 0 the number, 16 the first argument.
    instructions = b"".join(
        struct.pack("HBBI", *instruction)
        for instruction in (
            (load, 0, 0, 4),
            (jump_if_equal, 0, 5, arch),
            (load, 0, 0, 0),
            (jump_if_equal, 0, 3, number),
            (load, 0, 0, 16),
            (jump_if_equal, 0, 1, socket.AF_INET6),
            (give, 0, 0, fail | errno.EAFNOSUPPORT),
            (give, 0, 0, allow),
        )
    )
    held = ctypes.create_string_buffer(instructions)
    program = struct.pack("HxxxxxxP", len(instructions) // 8, ctypes.addressof(held))
    call = ctypes.CDLL(None, use_errno=True).prctl
    # PR_SET_NO_NEW_PRIVS; PR_SET_SECCOMP with SECCOMP_MODE_FILTER
    for arguments in ((38, 1, 0), (22, 2, ctypes.create_string_buffer(program))):
        if call(*arguments, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")


def without_addresses():
    """IPv6 is switched off: no device has an address of it, and bind() fails with EADDRNOTAVAIL."""
    write("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1")
    start_loopback()


def with_taken_ports():
    """Half of the ports that the kernel picks from are taken on ::1, but free on 127.0.0.1."""
    write("/proc/sys/net/ipv4/ip_local_port_range", "40000 40063")
    start_loopback()
    for port in range(40000, 40064):
        if port // 2 % 2 == 0:  # of odd and even ports alike: the kernel prefers one of both
            taken = socket.create_server(("::1", port), family=socket.AF_INET6)
            os.set_inheritable(taken.detach(), True)


def in_namespace():
    """Returns the command behind which a command has a network of its own, or None where that is
    not allowed here."""
    ended = subprocess.run([*UNSHARE, "true"], capture_output=True, check=False)
    return UNSHARE if ended.returncode == 0 else None


def start_loopback():
    with socket.socket() as any_socket:
        request = struct.pack("16sH14x", b"lo", 1)  # IFF_UP
        fcntl.ioctl(any_socket, 0x8914, request)  # SIOCSIFFLAGS


def write(file, text):
    with open(file, "w", encoding="ascii") as out:
        out.write(text)


KINDS = {kind.__name__: kind for kind in (without_family, without_addresses, with_taken_ports)}

if __name__ == "__main__":
    KINDS[sys.argv[1]]()
    os.execvp(sys.argv[2], sys.argv[2:])
