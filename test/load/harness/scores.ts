/** Of the clothing model. */
export const CLASSES = 10;

const HIGH = 8;
const SHARES = 2 ** CLASSES - 1;

/** Logits that tell a picture from a thousand others: a high one for each bit of its number. */
export function scoresOf(picture = 0): number[] {
  const bits = bitsOf(picture);
  return Array.from({ length: CLASSES }, (_, bit) => (bits & (1 << bit) ? HIGH : 0));
}

/** Whether an answer's probabilities, in the order of the labels, come of these logits. */
export function areScoresOf(picture: number, probabilities: readonly number[]): boolean {
  const half = Math.max(...probabilities) / 2;
  const bits = probabilities.reduce((sum, p, bit) => (p > half ? sum | (1 << bit) : sum), 0);
  return bits === bitsOf(picture);
}

/** Never 0: where all logits are the same, all bits are read as set. */
function bitsOf(picture: number): number {
  return (picture % SHARES) + 1;
}
