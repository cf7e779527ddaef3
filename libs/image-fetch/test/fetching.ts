import { parseAllowList, type ImageFetchConfig } from '../src/index.js';
import { ImageFetcher } from '../src/image-fetcher.js';
import type { Network } from '../src/network.js';
import { loopbackNetwork } from './networks.js';

const open = new Set<ImageFetcher>();

export type Settings = Partial<Omit<ImageFetchConfig, 'allow'>> & {
  allow?: string;
  network?: Network;
};

/** A fetcher that may fetch from this machine, unless `allow` says otherwise. */
export function fetcher({ allow, network, ...config }: Settings = {}): ImageFetcher {
  const made = new ImageFetcher(
    {
      timeoutMs: 20_000,
      maxRedirects: 3,
      maxBytes: 1024 * 1024,
      ...config,
      allow: parseAllowList(allow ?? '127.0.0.0/8 ::1'),
    },
    network ?? loopbackNetwork(),
  );
  open.add(made);
  return made;
}

/** Closes every fetcher that a test has made; for `afterEach`. */
export async function closeFetchers(): Promise<void> {
  await Promise.all([...open].map((made) => made.close()));
  open.clear();
}

/** What the promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome) return outcome.error;
  throw new Error('Expected a rejection but the promise resolved');
}
