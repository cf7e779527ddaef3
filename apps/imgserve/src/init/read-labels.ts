import { readFileSync, statSync } from 'node:fs';
import { InputError } from '../frame/index.js';

const MAX_BYTES = 16 * 1024 * 1024;

const KINDS =
  'one label a line; or JSON: a list, {"label": index} as Keras\' class_indices, {"index": "label"}, ' +
  'or {"index": ["id", "label"]} as ImageNet\'s class index';

/**
 * A model's labels in the order of its scores.
 *
 * @throws InputError that says which label or line is wrong
 */
export function readLabels(path: string): string[] {
  const text = readText(path);
  const labels = /^\s*[[{]/.test(text) ? labelsOfJson(text, path) : labelsOfLines(text, path);
  if (labels.length === 0) throw new InputError(`${path}: expected labels: ${KINDS}`);
  const empty = labels.findIndex((label) => label === '');
  if (empty >= 0) throw new InputError(`${path}: label ${empty + 1} of ${labels.length} is empty`);
  const twice = labels.find((label, index) => labels.indexOf(label) < index);
  if (twice !== undefined) throw new InputError(`${path}: the label "${twice}" is there twice`);
  return labels;
}

function readText(path: string): string {
  try {
    if (statSync(path).size > MAX_BYTES) throw new InputError(`${path}: too large for labels`);
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path}: expected a file of labels that can be read`, { cause: error });
  }
}

function labelsOfLines(text: string, path: string): string[] {
  const lines = text.trimEnd().split(/\r?\n/);
  if (lines.length === 1 && lines[0] === '') return [];
  const empty = lines.findIndex((line) => line.trim() === '');
  if (empty >= 0) throw new InputError(`${path}: line ${empty + 1} is empty`);
  return lines.map((line) => line.trim());
}

function labelsOfJson(text: string, path: string): string[] {
  const wrong = new InputError(`${path}: expected labels: ${KINDS}`);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new InputError(`${path}: expected JSON, or one label a line`, { cause });
  }
  if (Array.isArray(document)) {
    if (!document.every((label) => typeof label === 'string')) throw wrong;
    return document;
  }
  const entries = Object.entries(document as Record<string, unknown>);
  if (entries.every(([, value]) => typeof value === 'number')) {
    return inOrder(
      entries.map(([label, index]) => [index as number, label]),
      path,
    );
  }
  if (entries.every(([, value]) => typeof value === 'string')) {
    return inOrder(
      entries.map(([index, label]) => [Number(index), label as string]),
      path,
    );
  }
  if (entries.every(([, value]) => isIdAndLabel(value))) {
    return inOrder(named(entries as [string, [string, string]][]), path);
  }
  throw wrong;
}

function isIdAndLabel(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string')
  );
}

/** ImageNet has two classes `crane` and two `maillot`: their ids tell them apart. */
function named(entries: readonly [string, [string, string]][]): [number, string][] {
  const counts = new Map<string, number>();
  for (const [, [, label]] of entries) counts.set(label, (counts.get(label) ?? 0) + 1);
  return entries.map(([index, [id, label]]) => [
    Number(index),
    counts.get(label) === 1 ? label : `${label} (${id})`,
  ]);
}

function inOrder(entries: readonly (readonly [number, string])[], path: string): string[] {
  const labels: (string | undefined)[] = Array.from({ length: entries.length });
  for (const [index, label] of entries) {
    if (!Number.isInteger(index) || index < 0 || index >= entries.length) {
      const wanted = `from 0 to ${entries.length - 1}`;
      throw new InputError(`${path}: "${label}" has the index ${index}, expected one ${wanted}`);
    }
    if (labels[index] !== undefined) throw new InputError(`${path}: index ${index} is there twice`);
    labels[index] = label;
  }
  return labels as string[];
}
