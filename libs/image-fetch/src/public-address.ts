import { inRange, parseAddress, parseRange, type AddressRange } from './ip-address.js';

/**
 * IPv4 blocks that are not the public Internet. Source: IANA's IPv4 Special-Purpose Address
 * Registry (RFC 6890 and later), the multicast registry, and one cloud's exception. Blocks that the
 * registry calls globally reachable inside a special one (192.0.0.9/32, 192.0.0.10/32) are refused
 * with it: no web server is there.
 */
const NOT_PUBLIC_IPV4 = ranges([
  '0.0.0.0/8', // "This network" (RFC 791); Linux takes 0.0.0.0 for the host itself.
  '10.0.0.0/8', // Private use (RFC 1918).
  '100.64.0.0/10', // Shared address space of carrier-grade NAT (RFC 6598); some clouds' metadata.
  '127.0.0.0/8', // Loopback (RFC 1122).
  '168.63.129.16/32', // Azure's platform services: public by number, but only a guest reaches them.
  '169.254.0.0/16', // Link-local (RFC 3927): cloud metadata at 169.254.169.254.
  '172.16.0.0/12', // Private use (RFC 1918).
  '192.0.0.0/24', // IETF protocol assignments (RFC 6890).
  '192.0.2.0/24', // TEST-NET-1 (RFC 5737).
  '192.88.99.0/24', // 6to4 relays, deprecated (RFC 7526).
  '192.168.0.0/16', // Private use (RFC 1918).
  '198.18.0.0/15', // Benchmarking (RFC 2544).
  '198.51.100.0/24', // TEST-NET-2 (RFC 5737).
  '203.0.113.0/24', // TEST-NET-3 (RFC 5737).
  '224.0.0.0/4', // Multicast (RFC 5771).
  '240.0.0.0/4', // Reserved (RFC 1112), the limited broadcast 255.255.255.255 included.
]);

/**
 * All that IANA has ever given out as global unicast IPv6 (RFC 4291, section 2.4). What lies outside
 * needs no entry of its own: :: and ::1, IPv4-mapped ::ffff:0:0/96, IPv4-compatible ::/96,
 * IPv4-translated ::ffff:0:0:0/96, NAT64 64:ff9b::/96 (RFC 6052) and 64:ff9b:1::/48 (RFC 8215),
 * discard-only 100::/64 (RFC 6666), SRv6 5f00::/16 (RFC 9602), unique-local fc00::/7 (RFC 4193),
 * link-local fe80::/10, the old site-local fec0::/10 (RFC 3879), multicast ff00::/8.
 *
 * The forms that carry an IPv4 address are refused whatever they carry. A link has no need of them,
 * and who translates them, and to where, is not ours to know.
 */
const GLOBAL_UNICAST_IPV6 = range('2000::/3');

/** IANA's IPv6 Special-Purpose Address Registry, as far as it lies inside 2000::/3. */
const NOT_PUBLIC_IPV6 = ranges([
  '2001::/23', // IETF protocol assignments (RFC 2928): Teredo 2001::/32, benchmarking, ORCHID.
  '2001:db8::/32', // Documentation (RFC 3849).
  '2002::/16', // 6to4 (RFC 3056): the next 32 bits are an IPv4 address, of any kind.
  '3fff::/20', // Documentation (RFC 9637).
]);

/**
 * Whether `ip` is an address on the public Internet. False for every special-purpose one and for
 * text that is not an IP address.
 *
 * Two things cannot be seen in an address: a NAT64 prefix that an operator took from its own global
 * space (RFC 6052, section 2.2), and a private network numbered with public addresses.
 */
export function isPublicAddress(ip: string): boolean {
  const address = parseAddress(ip);
  if (!address) return false;
  if (address.length === 4) return !inAny(address, NOT_PUBLIC_IPV4);
  return (
    inRange(address, GLOBAL_UNICAST_IPV6) &&
    !inAny(address, NOT_PUBLIC_IPV6) &&
    !(isIsatap(address) && inAny(address.subarray(12), NOT_PUBLIC_IPV4))
  );
}

/**
 * ISATAP (RFC 5214, section 6.1) can be in any /64: its interface identifier is 0000:5efe, or
 * 0200:5efe where the IPv4 address after it is globally unique.
 */
function isIsatap(address: Uint8Array): boolean {
  const [flags, zero, high, low] = address.subarray(8, 12);
  return (flags! & ~0x02) === 0 && zero === 0 && high === 0x5e && low === 0xfe;
}

function inAny(address: Uint8Array, blocks: AddressRange[]): boolean {
  return blocks.some((block) => inRange(address, block));
}

function ranges(texts: string[]): AddressRange[] {
  return texts.map(range);
}

function range(text: string): AddressRange {
  const parsed = parseRange(text);
  if (!parsed) throw new Error(`Expected an address range but received ${text}`);
  return parsed;
}
