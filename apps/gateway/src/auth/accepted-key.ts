import type { IncomingHttpHeaders } from 'node:http';
import type { ApiKeys } from './api-keys.js';

const BEARER = /^bearer(?: +(.*))?$/i;

/**
 * The digest of the key that a request carries, in `Authorization: Bearer KEY` or in
 * `X-API-Key: KEY`; undefined where there is none or it is not accepted. Where there are two, both
 * must be accepted. An Authorization of another scheme is somebody else's.
 */
export function acceptedKey(headers: IncomingHttpHeaders, keys: ApiKeys): string | undefined {
  const digests: (string | undefined)[] = [];
  const bearer = BEARER.exec(headers.authorization ?? '');
  if (bearer !== null) digests.push(keys.find(bearer[1] ?? ''));
  const apiKey = headers['x-api-key'];
  if (apiKey !== undefined) digests.push(keys.find(String(apiKey)));
  return digests.includes(undefined) ? undefined : digests[0];
}
