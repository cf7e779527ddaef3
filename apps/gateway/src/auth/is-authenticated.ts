import type { IncomingHttpHeaders } from 'node:http';
import type { ApiKeys } from './api-keys.js';

const BEARER = /^bearer(?: +(.*))?$/i;

/**
 * Whether a request carries a key, in `Authorization: Bearer KEY` or in `X-API-Key: KEY`. Where it
 * carries two, both must be accepted. An Authorization of another scheme is somebody else's.
 */
export function isAuthenticated(headers: IncomingHttpHeaders, keys: ApiKeys): boolean {
  const bearer = BEARER.exec(headers.authorization ?? '');
  const apiKey = headers['x-api-key'];
  if (bearer === null && apiKey === undefined) return false;
  return (
    (bearer === null || keys.accepts(bearer[1] ?? '')) &&
    (apiKey === undefined || keys.accepts(String(apiKey)))
  );
}
