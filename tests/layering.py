#!/usr/bin/env python3
"""Why: the rooms of the house have one direction, server -> storage -> protocol, and a library stays
in the one place that knows it. Reads the #include lines and refuses those against the arrow."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Which rooms each room may include.
ROOMS = {
    "protocol": {"protocol"},
    "storage": {"protocol", "storage"},
    "server": {"protocol", "storage", "server"},
    "bench": {"protocol", "storage", "server", "bench"},  # measures the house, is no part of it
}

# Which files may include a library header, by the start of its name.
LIBRARIES = {
    "boost/json": ["protocol/json.cpp"],
    "boost/beast": ["server/http/"],
    "boost/asio": ["server/http/"],
    "openssl": ["protocol/signature_v4.cpp", "server/s3/md5.cpp"],
    "benchmark/": ["bench/micro.cpp"],
    "valgrind/": ["bench/count.cpp"],
}


def complaints_about(path):
    name = path.relative_to(ROOT).as_posix()
    room = name.split("/")[0]
    for number, line in enumerate(path.read_text().splitlines(), 1):
        include = re.match(r'\s*#include\s+(["<])([^">]+)[">]', line)
        if not include:
            continue
        quote, header = include.groups()
        if quote == '"' and header.split("/")[0] not in ROOMS[room]:
            yield f"{name}:{number}: {room} may not include {header}"
        for library, places in LIBRARIES.items():
            if header.startswith(library) and not any(name.startswith(place) for place in places):
                yield f"{name}:{number}: {library} belongs to {', '.join(places)} alone"


def main():
    files = [
        path
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*"))
        if path.suffix in (".h", ".cpp")
    ]
    complaints = [complaint for path in files for complaint in complaints_about(path)]
    print("\n".join(complaints) or f"layering: {len(files)} files hold")
    sys.exit(1 if complaints or not files else 0)


if __name__ == "__main__":
    main()
