/**
 * A table of 256 RGB triples. Entries that the file lacks are black; without a palette the table is the gray ramp,
 * as Pillow has them.
 * @param step bytes of each entry in `palette`
 * @param order where red, green and blue lie in an entry
 */
export function paletteTable(
  palette: Uint8Array | undefined,
  step: number,
  order: readonly [red: number, green: number, blue: number],
): Uint8Array {
  const table = new Uint8Array(256 * 3);
  const entries = palette ? Math.floor(palette.length / step) : 256;
  for (let i = 0; i < Math.min(entries, 256); i++) {
    for (let channel = 0; channel < 3; channel++) {
      table[i * 3 + channel] = palette ? palette[i * step + order[channel]!]! : i;
    }
  }
  return table;
}
