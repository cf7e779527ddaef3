import type { Positions, Scale } from '#jpeg';
import type { Engine } from './engine.js';
import type { Layout } from './layout.js';
import type { Pass } from './passes.js';

/** Which pixels go where: row-major RGB as bytes, or as floats by `scale`. */
export interface Target {
  readonly positions: Positions;
  readonly out: Float32Array | Uint8Array;
  readonly scale: Scale | undefined;
}

/** Takes the rows of pass after pass, and writes the pixels that are asked for. */
export class Sampler {
  private readonly offsets: readonly [number, number, number];
  private readonly columnsAt: number;
  private readonly unpackedAt: number;
  private readonly gatheredAt: number;
  private gathered!: Float32Array | Uint8Array;
  private pass!: Pass;
  /** Which of the asked columns the pass has. */
  private places!: Int32Array;
  /** The next row of `out`. */
  private next = 0;

  /** @param width of the picture */
  constructor(
    private readonly engine: Engine,
    private readonly layout: Layout,
    private readonly target: Target,
    width: number,
  ) {
    const { positions, scale, out } = target;
    const [red, green, blue] = layout.offsets;
    this.offsets = scale?.isBgr === true ? [blue, green, red] : layout.offsets;
    const count = positions.columns.length;
    this.columnsAt = engine.reserve(4 * count);
    this.unpackedAt = engine.reserve(layout.unpack === undefined ? 0 : width);
    this.gatheredAt = engine.reserve(3 * count * out.BYTES_PER_ELEMENT);
    this.writeTables();
  }

  /** Whether no row that is still to come in this pass is asked for. */
  get isDone(): boolean {
    return this.next === this.target.positions.rows.length;
  }

  /** Once all memory is reserved. */
  begin(pass: Pass): void {
    const { buffer } = this.engine.memory;
    const { columns } = this.target.positions;
    const { left, stepX } = pass;
    const from = new Int32Array(buffer, this.columnsAt, columns.length);
    const places = new Int32Array(columns.length);
    let count = 0;
    for (let place = 0; place < columns.length; place++) {
      const column = columns[place]! - left;
      if (column % stepX !== 0) continue;
      from[count] = (column / stepX) * this.layout.step;
      places[count++] = place;
    }
    this.places = places.subarray(0, count);
    const type = this.target.out instanceof Float32Array ? Float32Array : Uint8Array;
    this.gathered = new type(buffer, this.gatheredAt, count * 3);
    this.pass = pass;
    this.next = 0;
  }

  /** @param row where the bytes of the pass's row of this index lie */
  take(index: number, row: number): void {
    const { rows, columns } = this.target.positions;
    const { out } = this.target;
    const y = this.pass.top + index * this.pass.stepY;
    while (this.next < rows.length && rows[this.next]! < y) this.next++;
    if (this.isDone || rows[this.next] !== y) return;
    const stride = columns.length * 3;
    const start = this.next * stride;
    this.gather(row);
    this.place(start);
    // The same once more: of what other passes have written there, both have the same.
    while (rows[++this.next] === y) out.copyWithin(this.next * stride, start, start + stride);
  }

  private gather(row: number): void {
    const { engine, offsets, columnsAt, gatheredAt, unpackedAt, places } = this;
    const { unpack } = this.layout;
    if (unpack !== undefined) engine.unpack(row, this.pass.width, unpack, unpackedAt);
    const from = unpack === undefined ? row : unpackedAt;
    const gather =
      this.target.out instanceof Float32Array ? engine.gatherFloats : engine.gatherBytes;
    gather(from, columnsAt, places.length, gatheredAt, ...offsets);
  }

  private place(start: number): void {
    const { gathered, places, target } = this;
    const { out, positions } = target;
    if (places.length === positions.columns.length) {
      out.set(gathered, start);
      return;
    }
    for (let i = 0; i < places.length; i++) {
      const to = start + places[i]! * 3;
      out[to] = gathered[i * 3]!;
      out[to + 1] = gathered[i * 3 + 1]!;
      out[to + 2] = gathered[i * 3 + 2]!;
    }
  }

  private writeTables(): void {
    const { engine, layout, target } = this;
    const { scale, out } = target;
    const { buffer } = engine.memory;
    const at = engine.tables.value;
    const tables =
      out instanceof Float32Array
        ? new Float32Array(buffer, at, 3 * 256)
        : new Uint8Array(buffer, at, 3 * 256);
    for (let element = 0; element < 3; element++) {
      const values = layout.values[scale?.isBgr === true ? 2 - element : element]!;
      const scaled = scale?.tables[element];
      for (let byte = 0; byte < 256; byte++) {
        const value = values[byte]!;
        tables[element * 256 + byte] = scaled === undefined ? value : scaled[value]!;
      }
    }
  }
}
