/** What the markers of a picture say: one frame with up to three components. */

export let width: i32 = 0;
export let height: i32 = 0;
export let isProgressive: bool = false;
export let components: i32 = 0;
/** Largest sampling factors. */
export let maxH: i32 = 1;
export let maxV: i32 = 1;
/** Whether three components are YCbCr; else they are RGB. */
export let isYcc: bool = true;

/** Samples along a block's side: 8, or 1 where the picture is reduced to its blocks' means. */
export let unit: i32 = 8;

/** Goes on with an eighth of the picture's width and height. */
export function reduceToBlocks(): void {
  unit = 1;
  width = ceilDivide(width, 8);
  height = ceilDivide(height, 8);
  for (let i = 0; i < components; i++) {
    const c = component(i);
    c.columns = ceilDivide(width * c.h, maxH);
    c.rows = ceilDivide(height * c.v, maxV);
  }
}

export function describeFrame(w: i32, h: i32, count: i32, progressive: bool): void {
  width = w;
  height = h;
  components = count;
  isProgressive = progressive;
  unit = 8;
}

export function describeSampling(h: i32, v: i32): void {
  maxH = h;
  maxV = v;
}

export function describeColour(ycc: bool): void {
  isYcc = ycc;
}

const MAX_COMPONENTS = 3;

/** One component's fields. */
@unmanaged
export class Component {
  id: i32;
  h: i32;
  v: i32;
  quantSlot: i32;
  /** Size in samples, and in blocks: those that hold samples. */
  columns: i32;
  rows: i32;
  blockColumns: i32;
  blockRows: i32;
  /** Blocks of a row with those that only fill its last MCU, and rows of blocks likewise. */
  paddedColumns: i32;
  paddedRows: i32;
  /** Quantization table in natural order as it was when the component's first scan began; 0 before. */
  quant: usize;
  dcTable: usize;
  acTable: usize;
  lastDc: i32;
  /** By column and by row of blocks, a bit for each of its columns or rows of samples that are asked for. */
  neededColumns: usize;
  neededRows: usize;
  /** Samples of the last two rows of MCUs. */
  plane: usize;
  stride: i32;
  /** All coefficients, where more than one scan brings them; else 0. */
  coefficients: usize;
  /** By zigzag position the bit to which a coefficient is known, 255 before it was sent. */
  accuracy: usize;
}

const storage = memory.data(MAX_COMPONENTS * offsetof<Component>(), 16);

export function component(index: i32): Component {
  return changetype<Component>(storage + <usize>index * offsetof<Component>());
}

export function ceilDivide(a: i32, b: i32): i32 {
  return (a + b - 1) / b;
}
