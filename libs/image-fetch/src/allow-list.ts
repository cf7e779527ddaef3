import { inRange, parseAddress, parseRange, type AddressRange } from './ip-address.js';

interface Entry {
  range?: AddressRange;
  host?: string;
  /** Undefined lets every port through. */
  port: number | undefined;
}

/** Destinations that may be fetched from though their address is not public. */
export class AllowList {
  constructor(private readonly entries: readonly Entry[]) {}

  /** Whether an address entry covers this resolved address and port. */
  allowsAddress(ip: string, port: number): boolean {
    const address = parseAddress(ip);
    return (
      address !== undefined &&
      this.entries.some(
        (entry) => entry.range && inRange(address, entry.range) && coversPort(entry, port),
      )
    );
  }

  /**
   * Whether a host-name entry covers this name, which then may resolve to any address.
   *
   * @param host as written in the link, lower-cased, without trailing dot
   */
  allowsHost(host: string, port: number): boolean {
    return this.entries.some((entry) => entry.host === host && coversPort(entry, port));
  }
}

/**
 * Reads entries separated by commas or white space: CIDR blocks, addresses and host names, each with
 * `:port` if wanted. IPv6 with a port stands in brackets: `[::1]:80`, `[fd00::]/8:443`.
 *
 * @throws Error that names every entry that is none of these
 */
export function parseAllowList(text: string): AllowList {
  const texts = text.split(/[\s,]+/).filter((entry) => entry !== '');
  const parsed = texts.map((entry) => parseEntry(entry));
  const bad = texts.filter((_, index) => !parsed[index]);
  if (bad.length > 0) {
    throw new Error(
      `Expected CIDR blocks, addresses and host names, each with an optional :port, but received ${bad.join(', ')}`,
    );
  }
  return new AllowList(parsed.filter((entry) => entry !== undefined));
}

function coversPort(entry: Entry, port: number): boolean {
  return entry.port === undefined || entry.port === port;
}

function parseEntry(text: string): Entry | undefined {
  const bare = parseRange(text);
  if (bare) return { range: bare, port: undefined };

  const [, destination = '', portText] = /^(.*?)(?::(\d{1,5}))?$/.exec(text)!;
  const port = portText === undefined ? undefined : Number(portText);
  if (port === 0 || (port ?? 0) > 65535) return undefined;

  const bracketed = /^\[([^\]]*)\](\/\d+)?$/.exec(destination);
  if (bracketed) {
    const range = parseRange(bracketed[1]! + (bracketed[2] ?? ''));
    return range?.first.length === 16 ? { range, port } : undefined;
  }
  const range = destination.includes(':') ? undefined : parseRange(destination);
  if (range) return { range, port };
  const host = parseHostName(destination);
  return host === undefined ? undefined : { host, port };
}

const HOST_NAME = /^(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/** The name as the URL parser writes it, so that it compares equal to a link's; IDN in punycode. */
function parseHostName(text: string): string | undefined {
  if (/[/?#@\\:%]/.test(text) || !URL.canParse(`http://${text}/`)) return undefined;
  const host = new URL(`http://${text}/`).hostname.replace(/\.$/, '');
  // `127.1` and the like are addresses to a URL; whoever means one is to write it in full.
  return HOST_NAME.test(host) && !parseAddress(host) ? host : undefined;
}
