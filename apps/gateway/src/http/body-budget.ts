/** How long a body may be on its way before it has to make room for others. */
const PATIENCE_MS = 2_000;

/** A body that is still on its way. */
export interface Receiving {
  /** `performance.now()` of its beginning. */
  readonly since: number;
  /** Ends it; its bytes are released before this returns. */
  readonly evict: () => void;
}

/** Bounds the bytes that requests' bodies hold all together, received or still in work. */
export class BodyBudget {
  private held = 0;
  /** Oldest first. */
  private readonly receiving = new Set<Receiving>();

  constructor(private readonly maxBytes: number) {}

  /**
   * Where there is no room, bodies that have been on their way for two seconds and more are ended, the
   * oldest first: else a few clients that send slowly would hold all of it.
   *
   * @returns false where so many more would be too many; none are taken then
   */
  take(bytes: number): boolean {
    if (this.held + bytes > this.maxBytes) this.makeRoom(bytes);
    if (this.held + bytes > this.maxBytes) return false;
    this.held += bytes;
    return true;
  }

  release(bytes: number): void {
    this.held -= bytes;
  }

  began(body: Receiving): void {
    this.receiving.add(body);
  }

  ended(body: Receiving): void {
    this.receiving.delete(body);
  }

  private makeRoom(bytes: number): void {
    const before = performance.now() - PATIENCE_MS;
    for (const body of this.receiving) {
      if (body.since > before || this.held + bytes <= this.maxBytes) return;
      this.receiving.delete(body);
      body.evict();
    }
  }
}
