import type { Style } from '../frame/index.js';
import type { Failure } from './check-image.js';
import type { Explanation } from './explain.js';
import type { Verified } from './verify.js';

const SHOWN = 10;

/** What was found of a model, for people. */
export function linesOf(
  { model, images, failures, explanation, server }: Verified,
  style: Style,
): string[] {
  const { bold, green, red, yellow } = style;
  const name = bold(model.spec.name);
  if (images === undefined) return [`${name}: ${yellow('no golden vectors')}`];
  const lines = [
    failures.length === 0
      ? `${name}: ${green(`${images} golden images give the expected tensors`)}`
      : `${name}: ${red(`${failures.length} of ${images} golden images differ`)}`,
    ...failureLines(failures),
  ];
  if (explanation !== undefined) lines.push(...explanationLines(explanation, model.file));
  else if (failures.some(({ stage }) => stage !== 'file')) {
    lines.push('  Nothing was found that would make them equal.');
  }
  if (server !== undefined) {
    const { version, failures: wrong } = server;
    lines.push(
      wrong.length === 0
        ? `${name}: ${green(`version ${version} gives the expected scores`)}`
        : `${name}: ${red(`version ${version} gives other scores for ${wrong.length} of ${images}`)}`,
      ...failureLines(wrong),
    );
  }
  return lines;
}

function failureLines(failures: readonly Failure[]): string[] {
  const lines = failures
    .slice(0, SHOWN)
    .map(({ image, stage, message }) => `  ${image}: ${stage}: ${message}`);
  const more = failures.length - lines.length;
  return more > 0 ? [...lines, `  and ${more} more`] : lines;
}

function explanationLines({ changes, explained, of }: Explanation, file: string): string[] {
  const words = changes.map((change) => change.words).join(', ');
  const who =
    explained === of ? (of === 1 ? 'It is' : `All ${of} are`) : `${explained} of ${of} are`;
  const lines = [`  ${who} equal with ${words}.`];
  const inSpec = changes.filter(({ isInSpec }) => isInSpec);
  const outside = changes.filter(({ isInSpec }) => !isInSpec);
  if (inSpec.length > 0) {
    lines.push(`  In ${file}, under image: ${inSpec.map((change) => change.words).join(', ')}`);
  }
  if (outside.length > 0) {
    const what = outside.map((change) => change.words).join(', ');
    lines.push(
      `  No spec can say: ${what}. Prepare the training's images otherwise, or the golden ones.`,
    );
  }
  return lines;
}
