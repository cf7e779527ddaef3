import { ImageSourceTimeoutError } from './errors.js';

/**
 * Bounds fetches that take long, so that an origin which hangs holds few of its callers' places: past
 * half the bound for one origin, or all of it together, a fetch that becomes slow is given up, and no
 * other is begun at an origin that has its half. Origins that answer soon are not bounded at all.
 */
export class SlowFetches {
  private readonly byOrigin = new Map<string, number>();
  private running = 0;

  /** @param max fetches that may be slow at once */
  constructor(private readonly max: number) {}

  /** @throws ImageSourceTimeoutError where as many of the origin's are slow as may be */
  expectRoom(origin: string): void {
    if (!this.hasRoom(origin)) throw new ImageSourceTimeoutError();
  }

  /** @returns what is to be called when it ends; undefined where it must be given up */
  began(origin: string): (() => void) | undefined {
    if (this.running >= this.max || !this.hasRoom(origin)) return undefined;
    this.count(origin, 1);
    return () => {
      this.count(origin, -1);
    };
  }

  private hasRoom(origin: string): boolean {
    return (this.byOrigin.get(origin) ?? 0) < Math.max(this.max / 2, 1);
  }

  private count(origin: string, change: 1 | -1): void {
    this.running += change;
    const ofOrigin = (this.byOrigin.get(origin) ?? 0) + change;
    if (ofOrigin > 0) this.byOrigin.set(origin, ofOrigin);
    else this.byOrigin.delete(origin);
  }
}
