import type { Signal } from '#cancellation';
import type { DomainError } from '#errors';
import type { AllowList } from './allow-list.js';

export interface ImageFetchConfig {
  /** Milliseconds for a whole fetch: name lookups, connections, redirects and body together. */
  timeoutMs: number;
  /** Redirects followed before the fetch fails; 0 follows none. */
  maxRedirects: number;
  /** Largest body in bytes, as sent and after decoding a `Content-Encoding`. */
  maxBytes: number;
  /**
   * Fetches that may run for longer than a quarter of `timeoutMs` at once, half as many of one origin;
   * any number where left out.
   */
  maxSlow?: number;
  /** Destinations let through though they are not public. */
  allow: AllowList;
}

export interface FetchOptions {
  /** Ends the fetch at any stage; it then rejects with the signal's reason. */
  signal?: Signal;
  /** Asked before bytes of the image are kept; says why they may not be, which the fetch then fails with. */
  take?: ((bytes: number) => DomainError | undefined) | undefined;
  /** Milliseconds for this fetch; can only shorten `ImageFetchConfig.timeoutMs`. */
  timeoutMs?: number;
}
