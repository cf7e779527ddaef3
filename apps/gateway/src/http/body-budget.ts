/** Bounds the bytes that requests of many images hold all together, received or still in work. */
export class BodyBudget {
  private held = 0;

  constructor(private readonly maxBytes: number) {}

  /** @returns false where so many more would be too many; none are taken then */
  take(bytes: number): boolean {
    if (this.held + bytes > this.maxBytes) return false;
    this.held += bytes;
    return true;
  }

  release(bytes: number): void {
    this.held -= bytes;
  }
}
