import { hash, timingSafeEqual } from 'node:crypto';

/** SHA-256 digests of the accepted keys; the keys themselves are not kept. */
export type KeyDigests = readonly Buffer[];

/** What an HTTP header can carry as one word; shorter ones can be guessed. */
const KEY = /^[\x21-\x7e]{16,}$/;

/**
 * Keys apart by commas or lines; empty ones between them are passed over.
 *
 * @throws Error whose message completes "expected …" and shows no key
 */
export function parseApiKeys(text: string): KeyDigests {
  const keys = text
    .split(/[,\r\n]/)
    .map((key) => key.trim())
    .filter((key) => key !== '');
  if (keys.length === 0) throw new Error('at least one key');
  const wrong = keys.findIndex((key) => !KEY.test(key));
  if (wrong >= 0) {
    throw new Error(`16 or more printable ASCII characters without spaces as key ${wrong + 1}`);
  }
  return keys.map(digestOf);
}

/** The keys of which a prediction must carry one. They can change while the process runs. */
export class ApiKeys {
  constructor(private digests: KeyDigests) {}

  get count(): number {
    return this.digests.length;
  }

  /**
   * The digest of an accepted key, as text; undefined for any other. Takes as long whichever key it
   * is, or none: nothing can be learned from the time.
   */
  find(key: string): string | undefined {
    const digest = digestOf(key);
    let accepted = false;
    for (const known of this.digests) accepted = timingSafeEqual(known, digest) || accepted;
    return accepted ? digest.toString('base64') : undefined;
  }

  /** @returns whether these are other keys than before */
  replace(digests: KeyDigests): boolean {
    const isSame =
      digests.length === this.digests.length &&
      digests.every((digest, index) => digest.equals(this.digests[index]!));
    this.digests = digests;
    return !isSame;
  }
}

function digestOf(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}
