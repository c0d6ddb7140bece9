"""Which addresses lead to a page of the web, or to somebody's mail."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit


def is_web_address(url: str) -> bool:
    """Return whether an address is whole, as browsers know it: `https://…`, `http://…` or `mailto:…`."""
    if re.search(r"[\s\x00-\x1f<>\"\\^`{|}]", url):
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError when the port is not valid
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return "@" in parts.path
    return parts.scheme in ("http", "https") and _is_host(parts.hostname or "")


def _is_host(name: str) -> bool:
    """Return whether browsers know a host's name: an address of numbers, or words of letters, digits and hyphens."""
    last = name.rstrip(".").rpartition(".")[2]
    if ":" in name or last.isdigit():
        try:
            return bool(ipaddress.ip_address(name))
        except ValueError:
            return False
    return all(character.isalnum() or character in "-._" for character in name) and bool(last)
