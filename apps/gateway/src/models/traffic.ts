import type { WatchedVersion } from './watched-version.js';

/** A version that requests may get, and how many of them relative to the others. */
export interface Share {
  readonly version: WatchedVersion;
  readonly weight: number;
}

/**
 * Spreads requests over versions by weight, each by chance. One that is not fit to serve gets none:
 * the others share what was its.
 */
export class Traffic {
  /** @param shares one of them at least with a weight above 0 */
  constructor(readonly shares: readonly Share[]) {}

  /** The version that the next request gets. */
  pick(): WatchedVersion {
    const [first] = this.shares;
    if (this.shares.length === 1) return first!.version;
    const fit = this.shares.filter(({ version }) => version.isFit);
    return pickFrom(fit) ?? pickFrom(this.shares)!;
  }
}

function pickFrom(shares: readonly Share[]): WatchedVersion | undefined {
  let left = Math.random() * shares.reduce((sum, { weight }) => sum + weight, 0);
  return shares.find(({ weight }) => (left -= weight) < 0)?.version;
}
