"""Which addresses lead to a page of the web, to somebody's mail, or to another app."""

from __future__ import annotations

import ipaddress
import re
from functools import cache
from urllib.parse import urlsplit

# An app registers any name that it likes, so that no list of them could be whole: what an address may not begin with is
# listed. First what has a script or a document in it, or shows what is on the disk, in a program or a browser.
_HELD_HERE = (
    "about blob cid content data feed file filesystem help hcp jar javascript livescript mhtml mid mk mocha qrc res "
    "resource search shell vbscript view-source wyciwyg"
).split()
# And what does not look something up, but runs programs or any part of an app, installs them, or signs in elsewhere:
# Anki asks nobody before it hands an address on.
_RUNNING = (
    "afp android-app applescript cifs git intent itms-services jnlp jnlps ldap ldaps nfs rdp rlogin sftp shortcuts smb "
    "ssh steam telnet tn3270 vnc workflow"
).split()
_FAMILIES = "brave chrome devtools edge its moz ms opera safari search-ms vivaldi vscode x-apple".split()
_DENIED = rf"(?:{'|'.join(map(re.escape, (*_HELD_HERE, *_RUNNING)))}|(?:{'|'.join(_FAMILIES)})(?:[+.-][a-z0-9+.-]*)?):"


# It takes a millisecond to make, and most decks have no such address.
@cache
def _find_app() -> re.Pattern[str]:
    # The name is longer than that of a drive, and in plain letters. No address goes on with another one that is denied.
    name, rest = rf"(?!https?:|{_DENIED})[a-z][a-z0-9+.-]+:", rf"(?![\s/]*{_DENIED})[^\x00-\x1f\x7f\\]*\Z"
    return re.compile(rf"\s*{name}{rest}", re.IGNORECASE | re.ASCII)


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


def leads_to_app(address: str) -> bool:
    """Return whether an address, with its entities decoded, is for another app to open: `dict://…`, `tel:…`."""
    return _find_app().match(address) is not None


def _is_host(name: str) -> bool:
    """Return whether browsers know a host's name: an address of numbers, or words of letters, digits and hyphens."""
    last = name.rstrip(".").rpartition(".")[2]
    if ":" in name or last.isdigit():
        try:
            return bool(ipaddress.ip_address(name))
        except ValueError:
            return False
    return all(character.isalnum() or character in "-._" for character in name) and bool(last)
