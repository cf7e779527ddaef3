import type { Engine } from './engine.js';
import type { Layout } from './layout.js';
import type { Pass } from './passes.js';
import type { Sampler } from './sampler.js';

const LAST_FILTER = 4;

/** Bytes that a row of a pass takes, with the one in front that names its filter. */
export function rowBytes({ width }: Pass, { bits }: Layout): number {
  return 1 + Math.ceil((width * bits) / 8);
}

/** Takes the inflated bytes of a picture as they come, and undoes the filters of its rows. */
export class RowReader {
  private readonly step: number;
  /** A row of zeros, which is above each pass's first. */
  private readonly zeros: number;
  private readonly buffer: number;
  private readonly memory: Uint8Array;
  private pass = 0;
  private index = 0;
  private length = 0;
  private above = 0;
  /** What has come and is not undone. */
  private start: number;
  private end: number;

  /** @param pieceBytes the most that comes at a time */
  constructor(
    private readonly engine: Engine,
    private readonly passes: readonly Pass[],
    private readonly layout: Layout,
    private readonly sampler: Sampler,
    pieceBytes: number,
  ) {
    this.step = Math.max(1, layout.bits / 8);
    const longest = Math.max(...passes.map((pass) => rowBytes(pass, layout)));
    this.zeros = engine.reserve(longest);
    // The row above, and one that has not come whole.
    this.buffer = engine.reserve(2 * longest + pieceBytes);
    this.memory = new Uint8Array(engine.memory.buffer);
    this.memory.fill(0, this.zeros, this.zeros + longest);
    this.start = this.buffer;
    this.end = this.buffer;
    this.begin();
  }

  /**
   * Takes bytes, with nothing behind the last row.
   *
   * @returns false where a row's filter does not exist
   */
  push(bytes: Uint8Array): boolean {
    this.memory.set(bytes, this.end);
    this.end += bytes.length;
    while (this.pass < this.passes.length && this.start + this.length <= this.end) {
      if (!this.read()) return false;
    }
    this.makeRoom();
    return true;
  }

  private begin(): void {
    const pass = this.passes[this.pass];
    if (pass === undefined) return;
    this.index = 0;
    this.length = rowBytes(pass, this.layout);
    this.above = this.zeros;
    this.sampler.begin(pass);
  }

  private read(): boolean {
    const filter = this.memory[this.start]!;
    if (filter > LAST_FILTER) return false;
    const row = this.start + 1;
    if (!this.sampler.isDone) {
      this.engine.unfilter(filter, row, this.above, this.length - 1, this.step);
      this.sampler.take(this.index, row);
    }
    this.above = row;
    this.start += this.length;
    this.index++;
    if (this.index === this.passes[this.pass]!.height) {
      this.pass++;
      this.begin();
    }
    return true;
  }

  /** Keeps the last row, which the next one needs, and what has come of that. */
  private makeRoom(): void {
    const kept = this.above === this.zeros ? this.start : this.above;
    const moved = kept - this.buffer;
    this.memory.copyWithin(this.buffer, kept, this.end);
    if (this.above !== this.zeros) this.above -= moved;
    this.start -= moved;
    this.end -= moved;
  }
}
