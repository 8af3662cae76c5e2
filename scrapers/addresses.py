"""A host in, the addresses that may be connected to out: public ones, and others only where the registry says so."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

from scrapers.registry import Source

Resolver = Callable[[str, int], list[tuple[str, int]]]
# what IANA has allotted to hosts of the open internet; translated and tunnelled addresses (NAT64, 6to4, Teredo) carry
# an IPv4 address inside and may lead anywhere
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
CARRIERS = tuple(map(ipaddress.ip_network, ("2002::/16", "2001::/23", "192.88.99.0/24")))
# the second half of an ISATAP address: 0000:5efe or 0200:5efe, then an IPv4 address
ISATAP = (0x00005EFE, 0x02005EFE)


class AddressRefused(OSError):
    """The host is at an address that this source may not be asked at."""


def system_resolver(host: str, port: int) -> list[tuple[str, int]]:
    """Addresses of a host, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(str(item[4][0]), int(item[4][1])) for item in found]


def is_public(address: str) -> bool:
    """Whether an address is a global unicast one of the open internet and carries no other address inside."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return is_public(str(ip.ipv4_mapped))
        if ip not in GLOBAL_UNICAST or (int(ip) >> 32) & 0xFFFFFFFF in ISATAP:
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in net for net in CARRIERS if net.version == ip.version)


class AddressBook:
    """Where to connect to for each host of a source."""

    def __init__(self, source: Source, resolver: Resolver) -> None:
        self._source, self._resolver = source, resolver
        self._own = {*source.resolve, *(urlsplit(url).hostname or "" for url in source.start_urls)}

    def allowed(self, host: str, port: int) -> list[tuple[str, int]]:
        """Addresses and ports of a host. Raises AddressRefused where one of them may not be connected to.

        All must be public; of a source marked local, its own hosts (of start_urls and resolve) may be on private and
        loopback addresses, never on link-local ones, where clouds keep their metadata.
        """
        override = self._source.resolve.get(host)
        if override:
            address, _, at = override.rpartition(":")
            found = [(address.strip("[]"), int(at))]
        else:
            found = self._resolver(host, port)
        for address, _ in found:
            if not is_public(address) and not (self._source.local and host in self._own and _may_be_local(address)):
                raise AddressRefused(f"{host} is at {address}, which is no public address")
        return found


def _may_be_local(address: str) -> bool:
    ip = ipaddress.ip_address(address.split("%")[0])
    return (ip.is_private or ip.is_loopback) and not (ip.is_link_local or ip.is_multicast or ip.is_unspecified)
