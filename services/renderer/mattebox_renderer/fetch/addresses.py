"""Which network addresses a client's URI may lead to: public ones, and what the operator opened.

Judged is the address about to be dialled, never a name: so redirects, odd spellings of an address and names that
change their answer all meet the same rule. `ipaddress.is_global` is not enough (it lets multicast, NAT64, 6to4 and
others through), so the special ranges of the IANA registries are listed here.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

_DENIED_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT; metadata of Alibaba
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's host, public by number only
        "169.254.0.0/16",  # link-local; metadata of most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; metadata of Oracle
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)

# All else of IPv6 is loopback, local, multicast, reserved, or an IPv4 address in disguise (mapped, compatible, NAT64).
_GLOBAL_V6 = IPv6Network("2000::/3")
_DENIED_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)

# ISATAP puts an IPv4 address behind these 32 bits of any prefix; the second sets the universal bit.
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})


class DialRules:
    """What may be dialled: the allowed ports of public addresses, and any port of the ranges the operator opened."""

    def __init__(self, allow_cidrs: Iterable[str] = (), allow_ports: Iterable[int] = ()) -> None:
        """Raises ValueError: not a network, or an address within one."""
        self._opened: tuple[Network, ...] = tuple(ip_network(cidr) for cidr in allow_cidrs)
        self._ports = frozenset(allow_ports)

    def permit(self, address: str, port: int) -> bool:
        """Judge one address as the resolver gave it, with its scope if it has one."""
        number = ip_address(address)
        if any(number in network for network in self._opened):
            return True
        return port in self._ports and is_public(number)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address belongs to the public internet, whichever way it is written."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _DENIED_V4)
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        return False
    return address in _GLOBAL_V6 and not any(address in network for network in _DENIED_V6)
