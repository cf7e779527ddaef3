import { isIP } from 'node:net';
import { ForbiddenLinkError, ImageSourceFailedError, InvalidLinkError } from './errors.js';

/** Longest link read, in characters; what servers commonly take as a request line. */
export const MAX_LINK_LENGTH = 8192;

/** Where a link leads, taken from the one URL that was checked. */
export interface Link {
  url: URL;
  secure: boolean;
  /** Lower-cased name without trailing dot, or an address without brackets. */
  host: string;
  isAddress: boolean;
  port: number;
}

/**
 * Reads a caller's link with the WHATWG parser, the only one in use: nothing downstream reads the
 * text again, so no second opinion about its host can arise.
 *
 * @throws InvalidLinkError if it is not a URL, is too long, or holds a user name or password: they
 *   would leak into logs and be sent to wherever the link leads
 * @throws ForbiddenLinkError if its scheme is not http or https
 */
export function parseLink(text: string): Link {
  if (text.length > MAX_LINK_LENGTH) {
    throw new InvalidLinkError(`The image link is longer than ${MAX_LINK_LENGTH} characters.`);
  }
  if (!URL.canParse(text)) throw new InvalidLinkError('The image link is not a valid URL.');
  const url = new URL(text);
  requireHttp(url);
  if (hasCredentials(url)) {
    throw new InvalidLinkError('The image link must not hold a user name or password.');
  }
  const link = toLink(url);
  if (link.host === '') throw new InvalidLinkError('The image link is not a valid URL.');
  return link;
}

/**
 * Reads a redirect's target, relative to the link that answered it. The origin wrote it, so what
 * would be the caller's mistake in a link is the origin's failure here.
 *
 * @throws ImageSourceFailedError if it is absent, not a URL or holds credentials
 * @throws ForbiddenLinkError if its scheme is not http or https
 */
export function parseLocation(location: string | undefined, base: URL, status: number): Link {
  // Node reads header bytes as Latin-1; in a Location they are UTF-8, as browsers take them.
  const text = location === undefined ? '' : Buffer.from(location, 'latin1').toString();
  if (location !== undefined && text.length <= MAX_LINK_LENGTH && URL.canParse(text, base.href)) {
    const url = new URL(text, base);
    requireHttp(url);
    const link = toLink(url);
    if (!hasCredentials(url) && link.host !== '') return link;
  }
  throw new ImageSourceFailedError(
    `The image source answered with status ${status} and no usable location.`,
    { status },
  );
}

function requireHttp(url: URL): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new ForbiddenLinkError();
}

function hasCredentials(url: URL): boolean {
  return url.username !== '' || url.password !== '';
}

function toLink(url: URL): Link {
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$|\.$/g, '');
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  return { url, secure, host, isAddress: isIP(host) !== 0, port };
}
