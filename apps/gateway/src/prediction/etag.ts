import { createHash } from 'node:crypto';
import type { CacheKey } from './prediction-cache.js';

/**
 * The entity tag of an answer, known before the answer is. Weak: the same model may round the same
 * image otherwise within another batch.
 *
 * @param top what of the answer is shown
 */
export function etagOf({ text }: CacheKey, top: number | undefined): string {
  const digest = createHash('sha256')
    .update(`${text}:${top ?? ''}`)
    .digest('base64url');
  return `W/"${digest.slice(0, 27)}"`;
}

/** Whether `If-None-Match` lists the tag (RFC 9110, 13.1.2: compared weakly). */
export function isListed(etag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  const opaque = etag.slice(2);
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === opaque);
}
