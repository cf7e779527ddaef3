/** How far two arrays of [height, width, 3] are apart. */
export interface Difference {
  /** Values that are not equal. */
  readonly differing: number;
  readonly values: number;
  readonly maxAbs: number;
  readonly meanAbs: number;
  readonly first: {
    readonly row: number;
    readonly column: number;
    readonly channel: number;
    readonly value: number;
    readonly expected: number;
  };
}

/** Undefined where they are equal; of different lengths, nothing can be said either. */
export function differenceOf(
  values: ArrayLike<number>,
  expected: ArrayLike<number>,
  width: number,
): Difference | undefined {
  if (values.length !== expected.length) return undefined;
  let differing = 0;
  let maxAbs = 0;
  let sum = 0;
  let firstAt = -1;
  for (let i = 0; i < values.length; i++) {
    const distance = Math.abs(values[i]! - expected[i]!);
    if (distance === 0) continue;
    if (firstAt < 0) firstAt = i;
    differing++;
    sum += distance;
    if (distance > maxAbs) maxAbs = distance;
  }
  if (firstAt < 0) return undefined;
  const first = {
    row: Math.floor(firstAt / (width * 3)),
    column: Math.floor(firstAt / 3) % width,
    channel: firstAt % 3,
    value: values[firstAt]!,
    expected: expected[firstAt]!,
  };
  return { differing, values: values.length, maxAbs, meanAbs: sum / values.length, first };
}

/** For people. */
export function wordsOf({ differing, values, maxAbs, first }: Difference): string {
  const at = `row ${first.row}, column ${first.column}, ${'RGB'[first.channel]}`;
  return (
    `${differing} of ${values} values, by at most ${short(maxAbs)}; ` +
    `first at ${at}: ${short(first.value)}, expected ${short(first.expected)}`
  );
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
