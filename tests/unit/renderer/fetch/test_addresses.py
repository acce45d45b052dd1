"""Every address a client's URI may lead to is judged by its number, however it is written."""

import socket
from ipaddress import ip_address

import pytest

from mattebox_renderer.fetch.addresses import DialRules, is_public

PUBLIC = {
    "ordinary hosts": "1.1.1.1 8.8.8.8 93.184.216.34 128.0.0.1 191.255.255.255 223.255.255.255",
    "beside private": "9.255.255.255 11.0.0.0 172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0",
    "beside special": "100.63.255.255 100.128.0.0 126.255.255.255 168.63.129.15 169.253.255.255 169.255.0.0 192.0.1.0",
    "beside documentation": "198.17.255.255 198.20.0.0 203.0.112.255 203.0.114.0",
    "IPv6": "2600:1f18::1 2606:4700:4700::1111 2a00:1450:4001:81b::200e 2001:4860:4860::8888 2001:200::1 2003::1",
    "beside IPv6 special": "2606:4700::1:5efe 2620:4f:7fff::1 3ffe::1",
}

NOT_PUBLIC = {
    "no address": "0.0.0.0 0.1.2.3 :: 255.255.255.255",
    "loopback": "127.0.0.1 127.255.255.255 ::1",
    "private": "10.0.0.0 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.255.255 fc00::1 fdff::1",
    "carrier-grade NAT": "100.64.0.0 100.127.255.255",
    "cloud metadata": "169.254.169.254 169.254.170.2 100.100.100.200 192.0.0.192 168.63.129.16 fd00:ec2::254",
    "link-local": "169.254.0.1 fe80::1 fe80::1%2 febf::1",
    "site-local": "fec0::1",
    "protocols": "192.0.0.1 192.31.196.1 192.52.193.1 192.88.99.1 192.175.48.1 2001::1 2001:2::1 2001:10::1 2001:20::1",
    "documentation": "192.0.2.1 198.51.100.1 203.0.113.1 2001:db8::1 3fff::1",
    "benchmarks": "198.18.0.1 198.19.255.255",
    "multicast": "224.0.0.1 239.255.255.250 ff02::1 ff0e::1",
    "reserved": "240.0.0.1 100::1 100:0:0:1::1 4000::1 5f00::1 2620:4f:8000::1",
    "compatible": "::7f00:1 ::127.0.0.1 ::8.8.8.8",
    "mapped": "::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:a9fe:a9fe ::ffff:0:127.0.0.1",
    "NAT64": "64:ff9b::a9fe:a9fe 64:ff9b::8.8.8.8 64:ff9b:1::1",
    "6to4": "2002:7f00:1:: 2002:a9fe:a9fe::1 2002:808:808::1",
    "Teredo": "2001:0:7f00:1::1",
    "ISATAP": "2606:4700::5efe:7f00:1 2606:4700::200:5efe:a00:1 fe80::5efe:c0a8:101",
}


def each(table: dict[str, str]) -> list[str]:
    """List the addresses of all kinds."""
    return [address for addresses in table.values() for address in addresses.split()]


@pytest.mark.parametrize("address", each(PUBLIC))
def test_public(address: str) -> None:
    """Neighbours of special ranges and ordinary hosts may be reached, on the allowed ports only."""
    rules = DialRules(allow_ports=(80, 443))
    assert rules.permit(address, 443)
    assert not rules.permit(address, 22)


@pytest.mark.parametrize("address", each(NOT_PUBLIC))
def test_not_public(address: str) -> None:
    """Private, local, special and disguised addresses may not be reached, on any port."""
    assert not is_public(ip_address(address))
    assert not DialRules(allow_ports=(80, 443)).permit(address, 443)
    assert not DialRules(["203.0.114.0/24"], (80,)).permit(address, 80)


@pytest.mark.parametrize(
    "form",
    [
        "127.0.0.1", "127.1", "127.0.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "017700000001",
        "0x7F.0.0.0x1", "localhost", "0", "127.000.000.001", "①②⑦.⓪.⓪.①",
    ],
)  # fmt: skip
def test_host_forms_of_loopback(form: str) -> None:
    """Whatever a resolver takes for loopback is judged by what it resolves to."""
    try:
        found = socket.getaddrinfo(form, 80, type=socket.SOCK_STREAM)
    except socket.gaierror:
        return
    assert not any(DialRules(allow_ports=(80,)).permit(str(info[4][0]), 80) for info in found)


def test_operator_opens_ranges() -> None:
    """An opened range is open on every port, and only it is; host bits of a range do not matter."""
    rules = DialRules(["10.1.0.0/16", "fd00::/8"], [443])
    assert rules.permit("10.1.255.1", 9000)
    assert rules.permit("fd12::1", 9000)
    assert not rules.permit("10.2.0.1", 443)
    assert not rules.permit("::ffff:10.1.0.1", 443)
    assert not rules.permit("93.184.216.34", 9000)


@pytest.mark.parametrize("cidr", ["10.0.0.0/33", "10.1.2.3/16"])
def test_range_that_is_none(cidr: str) -> None:
    """A mistyped range is refused at start: not ignored, and not opened wider than it reads."""
    with pytest.raises(ValueError, match=cidr):
        DialRules([cidr])
