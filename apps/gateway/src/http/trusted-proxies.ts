import { inRange, parseRange, type AddressRange } from '#image-fetch';
import { peerAddress } from './client-address.js';

/** The proxies whose word on who asked (`X-Forwarded-For`) is believed. */
export class TrustedProxies {
  constructor(private readonly ranges: readonly AddressRange[]) {}

  get isEmpty(): boolean {
    return this.ranges.length === 0;
  }

  includes(address: string | undefined): boolean {
    const bytes = address === undefined ? undefined : peerAddress(address);
    return bytes !== undefined && this.ranges.some((range) => inRange(bytes, range));
  }
}

/**
 * CIDR blocks and addresses, separated by commas or white space.
 *
 * @throws Error whose message completes "expected …" and names every entry that is neither
 */
export function parseTrustedProxies(text: string): TrustedProxies {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  const ranges = entries.map((entry) => parseRange(entry));
  const wrong = entries.filter((_, index) => ranges[index] === undefined);
  if (wrong.length > 0) {
    throw new Error(`CIDR blocks and addresses (neither: ${wrong.join(', ')})`);
  }
  return new TrustedProxies(ranges.filter((range) => range !== undefined));
}
