import type { Random } from './random.js';

/** Where lengths, counts and dimensions go wrong. */
export const EDGES = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000,
  0xfffffffe, 0xffffffff,
] as const;

type Change = (bytes: Buffer, random: Random) => Buffer;

const CHANGES: readonly Change[] = [
  function flipBit(bytes, random) {
    bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
    return bytes;
  },
  function setByte(bytes, random) {
    bytes[random.below(bytes.length)] = random.next();
    return bytes;
  },
  function setEdge(bytes, random) {
    writeEdge(bytes, random.below(bytes.length), random);
    return bytes;
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, random.below(bytes.length));
  },
  function cutOut(bytes, random) {
    const [from, to] = range(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  function repeat(bytes, random) {
    const [from, to] = range(bytes, random);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  function move(bytes, random) {
    const [from, to] = range(bytes, random);
    const at = random.below(from + 1);
    const [before, between] = [bytes.subarray(0, at), bytes.subarray(at, from)];
    return Buffer.concat([before, bytes.subarray(from, to), between, bytes.subarray(to)]);
  },
  function insert(bytes, random) {
    const at = random.below(bytes.length + 1);
    const noise = random.bytes(random.between(1, 64));
    return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
  },
  function fill(bytes, random) {
    const [from, to] = range(bytes, random);
    return bytes.fill(random.pick([0x00, 0xff, random.below(256)]), from, to);
  },
];

/** A copy with one to four changes. */
export function mutateBytes(bytes: Uint8Array, random: Random): Buffer {
  let changed: Buffer = Buffer.from(bytes);
  for (let count = random.between(1, 4); count > 0 && changed.length > 0; count--) {
    changed = random.pick(CHANGES)(changed, random);
  }
  return changed;
}

/** Overwrites one, two or four bytes, as far as there are so many. */
export function writeEdge(bytes: Buffer, at: number, random: Random): void {
  const value = random.pick(EDGES);
  const length = Math.min(random.pick([1, 2, 4]), bytes.length - at);
  const part = Buffer.alloc(4);
  if (random.chance(0.5)) part.writeUInt32LE(value);
  else part.writeUInt32BE(value);
  const from = random.chance(0.5) ? 0 : 4 - length;
  part.copy(bytes, at, from, from + length);
}

function range(bytes: Uint8Array, random: Random): [from: number, to: number] {
  const from = random.below(bytes.length);
  return [from, Math.min(bytes.length, from + random.between(1, random.pick([8, 64, 4096])))];
}
