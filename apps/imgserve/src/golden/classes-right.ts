import { basename, dirname } from 'node:path';
import type { GoldenImage } from '#model-spec';
import type { NamedImage } from './choose-images.js';

export interface ClassesRight {
  readonly right: number;
  /** Images that lie in a folder of their class. */
  readonly of: number;
}

/**
 * How often the model names the folder that an image lies in, where that is one of its labels: a spec
 * that is not the training's shows here, before any comparison.
 */
export function classesRight(
  vectors: readonly GoldenImage[],
  chosen: readonly NamedImage[],
  labels: readonly string[],
): ClassesRight {
  const classes = new Map(chosen.map(({ name, path }) => [name, basename(dirname(path))]));
  const told = vectors.filter(({ file }) => labels.includes(classes.get(file)!));
  const right = told.filter(({ file, scores }) => bestOf(scores) === classes.get(file));
  return { right: right.length, of: told.length };
}

function bestOf(scores: Readonly<Record<string, number>>): string | undefined {
  return Object.entries(scores).sort(([, a], [, b]) => b - a)[0]?.[0];
}
