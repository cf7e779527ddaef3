import { isIPv4, isIPv6 } from 'node:net';

/** A block of addresses: its first address and how many leading bits its members share with it. */
export interface AddressRange {
  first: Uint8Array;
  prefixLength: number;
}

/**
 * The bytes of an IP address in network order, 4 or 16 of them; undefined if `text` is none.
 * Only the canonical decimal form of IPv4 counts (RFC 6943, section 3.1.1, lists what others read
 * into `0127.1`). An address with a zone id (`fe80::1%eth0`) is none: it means something on one
 * link of one host only.
 */
export function parseAddress(text: string): Uint8Array | undefined {
  if (isIPv4(text)) return Uint8Array.from(text.split('.'), Number);
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const [head = '', tail] = withoutDottedQuad(text).split('::');
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = new Array<number>(8 - before.length - after.length).fill(0);
  return Uint8Array.from([...before, ...zeros, ...after].flatMap((group) => [group >> 8, group]));
}

/**
 * Reads `10.0.0.0/8`, or an address alone as the block of itself. Undefined if it is neither, or
 * has bits set beyond its prefix, which is a typing mistake more often than not.
 */
export function parseRange(text: string): AddressRange | undefined {
  const [address = '', prefix, ...rest] = text.split('/');
  const first = parseAddress(address);
  if (!first || rest.length > 0) return undefined;
  const bits = first.length * 8;
  if (prefix === undefined) return { first, prefixLength: bits };
  const prefixLength = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Infinity;
  if (prefixLength > bits) return undefined;
  const start = first.map((byte, index) => byte & maskByte(prefixLength, index));
  return start.every((byte, index) => byte === first[index]) ? { first, prefixLength } : undefined;
}

/** Whether the block holds the address. A block of one family holds no address of the other. */
export function inRange(address: Uint8Array, { first, prefixLength }: AddressRange): boolean {
  return (
    address.length === first.length &&
    first.every((byte, index) => byte === (address[index]! & maskByte(prefixLength, index)))
  );
}

function maskByte(prefixLength: number, index: number): number {
  const bits = Math.min(8, Math.max(0, prefixLength - index * 8));
  return 0xff & (0xff << (8 - bits));
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

/** `::ffff:1.2.3.4` as `::ffff:102:304`. */
function withoutDottedQuad(text: string): string {
  return text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...match: string[]) => {
    const [a, b, c, d] = match.slice(0, 4).map(Number) as [number, number, number, number];
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
}
