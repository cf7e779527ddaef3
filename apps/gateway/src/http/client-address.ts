import { parseAddress } from '#image-fetch';

/** IPv4 as dual-stack sockets tell it, `::ffff:1.2.3.4` (RFC 4291, section 2.5.5.2). */
const IPV4_MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/**
 * The bytes, 4 or 16, of an address as a socket or a proxy tells it: with a zone, with a port, IPv6
 * in brackets, IPv4 within IPv6. Undefined where it is none.
 */
export function peerAddress(text: string): Uint8Array | undefined {
  const bare = text
    .replace(/^\[([^\]]*)\](:\d+)?$/, '$1')
    .replace(/^([\d.]+):\d+$/, '$1')
    .replace(/%.*$/, '');
  const address = parseAddress(bare);
  const isMapped =
    address?.length === 16 && IPV4_MAPPED.every((byte, index) => byte === address[index]);
  return isMapped ? address.subarray(IPV4_MAPPED.length) : address;
}

/**
 * Whom an address stands for, as a short text: IPv4 for itself, IPv6 for its /64, since that is what
 * one subscriber has at the least (RFC 6177). Whatever is no address is one and the same client.
 */
export function clientOfAddress(address: string | undefined): string {
  const bytes = address === undefined ? undefined : peerAddress(address);
  if (bytes === undefined) return 'unknown';
  return bytes.length === 4 ? bytes.join('.') : Buffer.from(bytes.subarray(0, 8)).toString('hex');
}
