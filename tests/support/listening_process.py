"""Processes that listen on a TCP port: starts and ends one, finds one by its port, measures it.

bench, tests/clients and tests/stress start the same server and import this module by its folder. It
needs only the standard library, because bench has no boto3 and starts other programs too.
"""

import contextlib
import os
import pathlib
import re
import subprocess

SECONDS_TO_STOP_MAX = 20
# Proxies of container engines: they hold the port, and the server is another process.
CONTAINER_PROXIES = ("docker-proxy", "rootlessport", "slirp4netns")


class StartFailure(RuntimeError):
    """The process has ended, or printed something else than the URL it listens on."""


class ListeningProcess:
    """A process whose first line of output ends in the URL that it listens on.

    `options` are those of subprocess.Popen. Raises StartFailure, after the end of the process.
    """

    def __init__(self, *command, **options):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)
        self.first_line = self.process.stdout.readline()
        found = re.search(r"listens on http://[^ ]+:(\d+)$", self.first_line.strip())
        if not found:
            _, _, errors = ListeningProcess.stop(self)
            raise StartFailure(f"{command[0]} did not start: {self.first_line!r} {errors or ''!r}")
        self.port = int(found.group(1))

    def wait(self):
        """Waits for the end of the process. Returns its exit code, its remaining output and what it
        printed to stderr, if that is a pipe. Raises subprocess.TimeoutExpired if it had to be
        killed."""
        try:
            output, errors = self.process.communicate(timeout=SECONDS_TO_STOP_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        return self.process.returncode, output, errors

    def stop(self):
        """Stops the process by SIGTERM if it is running, and returns the same as wait()."""
        if self.process.stdout.closed:
            return self.process.returncode, "", ""
        self.process.terminate()  # does nothing if the exit code is known
        return self.wait()


def find_listener(port):
    """Returns the id of the process that listens on `port` of this machine, or None if it is on
    another machine, belongs to another user or is behind the proxy of a container."""
    sockets = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in pathlib.Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if int(fields[1].rsplit(":", 1)[1], 16) == port and fields[3] == "0A":  # LISTEN
                sockets.add(f"socket:[{fields[9]}]")
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        # Processes may end and descriptors be closed during the search.
        with contextlib.suppress(OSError):
            for descriptor in list((process / "fd").iterdir()):
                if read_link(descriptor) in sockets:
                    name = (process / "comm").read_text().strip()
                    return None if name in CONTAINER_PROXIES else int(process.name)
    return None


def read_link(path):
    """Returns the target of a symbolic link, or None if it is gone or not readable."""
    try:
        return os.readlink(path)
    except OSError:
        return None


def cpu_time_ns(pid):
    """Returns the CPU time of all threads of a process: in nanoseconds if the kernel has schedstat,
    otherwise with the resolution of clock ticks. Only the latter includes threads that ended.
    Raises FileNotFoundError if the process has ended."""
    try:
        threads = list(pathlib.Path(f"/proc/{pid}/task").iterdir())
        return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads)
    except FileNotFoundError:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
        fields = text.rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1_000_000_000 // os.sysconf("SC_CLK_TCK")


def memory_bytes(pid, field="VmRSS"):
    """Returns a value of /proc/PID/status in bytes: by default the resident memory."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(rf"^{field}:\s+(\d+) kB", status, re.MULTILINE).group(1)) * 1024
