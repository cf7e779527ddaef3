import type { Positions, Size } from '#jpeg';
import type { Pixels } from '../../pixels.js';
import type { Sampling } from '../options.js';
import { withEngine } from './engine.js';
import type { PngHeader } from './header.js';
import { inflate, MAX_PIECE_BYTES } from './inflate.js';
import { layoutOf } from './layout.js';
import { passesOf } from './passes.js';
import { rowBytes, RowReader } from './rows.js';
import { Sampler, type Target } from './sampler.js';
import { readStructure } from './structure.js';

/** All pixels of a regular PNG; undefined of any other. */
export async function decodeRegular(
  bytes: Uint8Array,
  header: PngHeader,
): Promise<Pixels | undefined> {
  const { width, height } = header;
  let data: Uint8Array | undefined;
  const isRegular = await read(bytes, header, () => {
    data = new Uint8Array(width * height * 3);
    return { positions: allOf(header), out: data, scale: undefined };
  });
  return isRegular ? { width, height, data: data! } : undefined;
}

/**
 * Writes some pixels of a regular PNG.
 *
 * @returns false of any other; some may be written then
 */
export function sampleRegular(
  bytes: Uint8Array,
  header: PngHeader,
  { positions, scale, out }: Sampling,
): Promise<boolean> {
  return read(bytes, header, () => ({
    positions: positions({ width: header.width, height: header.height }),
    out,
    scale: out instanceof Float32Array ? scale : undefined,
  }));
}

/** A row of wider pictures would take more than a megabyte. */
const MAX_WIDTH = 1 << 17;

/** @param target asked for once the file's structure is known to be good */
async function read(bytes: Uint8Array, header: PngHeader, target: () => Target): Promise<boolean> {
  const structure = header.width <= MAX_WIDTH ? readStructure(bytes, header) : undefined;
  if (structure === undefined) return false;
  const layout = layoutOf(header, structure.palette);
  const passes = passesOf(header);
  const length = passes.reduce((sum, pass) => sum + pass.height * rowBytes(pass, layout), 0);
  const isRead = await withEngine((engine) => {
    engine.reset();
    const sampler = new Sampler(engine, layout, target(), header.width);
    const rows = new RowReader(engine, passes, layout, sampler, Math.min(length, MAX_PIECE_BYTES));
    return inflate(structure.pieces, length, (inflated) => rows.push(inflated));
  });
  return isRead === true;
}

function allOf({ width, height }: Size): Positions {
  return { columns: upTo(width), rows: upTo(height) };
}

function upTo(length: number): Int32Array {
  return Int32Array.from({ length }, (_, index) => index);
}
