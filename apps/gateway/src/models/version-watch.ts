/** How old the backend's word on its version may be. */
const FRESH_MS = 100;

/** Which version serves, as the backend was last heard of. */
export class VersionWatch {
  private version: string | undefined;
  /** When it was asked: what it answers may be older than the answer, never older than this. */
  private askedAt = -Infinity;

  /** The version, where the backend was asked just now. */
  get known(): string | undefined {
    return performance.now() - this.askedAt < FRESH_MS ? this.version : undefined;
  }

  /**
   * Takes note of an answer, unless a later question has been answered before it.
   *
   * @param askedAt `performance.now()` of the question
   */
  hear(version: string, askedAt: number): void {
    if (askedAt < this.askedAt) return;
    this.version = version;
    this.askedAt = askedAt;
  }
}
