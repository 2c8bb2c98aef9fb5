#!/usr/bin/env bash
# Brings the loopback up in a new network namespace, with what there is.
set -euo pipefail
if command -v ip > /dev/null; then
  ip link set lo up
else
  python3 - <<'PYTHON'
import fcntl, socket, struct

# SIOCGIFFLAGS, SIOCSIFFLAGS and IFF_UP of linux/sockios.h and linux/if.h
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
    request = struct.pack("16sh14x", b"lo", 0)
    flags = struct.unpack("16sh14x", fcntl.ioctl(control, 0x8913, request))[1]
    fcntl.ioctl(control, 0x8914, struct.pack("16sh14x", b"lo", flags | 1))
PYTHON
fi
