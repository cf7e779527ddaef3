/**
 * `{"label": probability, …}` as JSON text: in label order, or with `top` the greatest first.
 * Written by hand because a JavaScript object would move labels such as "0" to the front.
 */
export function renderScores(
  labels: readonly string[],
  probabilities: readonly number[],
  top?: number,
): string {
  const indices = labels.map((_, index) => index);
  if (top !== undefined) indices.sort((a, b) => probabilities[b]! - probabilities[a]!);
  const members = indices
    .slice(0, top)
    .map((index) => `${JSON.stringify(labels[index])}:${JSON.stringify(probabilities[index])}`);
  return `{${members.join(',')}}`;
}
