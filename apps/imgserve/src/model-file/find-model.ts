import { readdirSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { InputError } from '../frame/errors.js';
import type { Versions } from './model-info.js';

export type ModelFormat = 'saved_model' | 'onnx' | 'keras' | 'keras_h5';

/** A model on disk: what kind it is, and the file that says so. */
export interface FoundModel extends Partial<Versions> {
  readonly format: ModelFormat;
  /** `saved_model.pb`, `model.onnx`, or the file itself. */
  readonly file: string;
  /** The folder of a SavedModel or of a version; the file itself where it stands alone. */
  readonly path: string;
}

const FORMATS: Readonly<Record<string, ModelFormat>> = {
  '.onnx': 'onnx',
  '.keras': 'keras',
  '.h5': 'keras_h5',
  '.hdf5': 'keras_h5',
};

const KINDS = 'a SavedModel, an .onnx, .keras or .h5 file, or a folder of versions';

/**
 * Finds the model that a path means: a file, the folder of a SavedModel, or a folder of versions, of
 * which the newest is taken.
 *
 * @throws InputError that says what is there instead
 */
export function findModel(path: string): FoundModel {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new InputError(`${path}: there is no such file or folder`);
  if (!found.isDirectory()) return findFile(path);
  const inside = findInFolder(path);
  if (inside !== undefined) return inside;
  const names = readdirSync(path);
  const versions = names.filter(isVersion).sort((a, b) => (BigInt(a) < BigInt(b) ? 1 : -1));
  const newest = versions.find((version) => findInFolder(join(path, version)) !== undefined);
  if (newest !== undefined) {
    return { ...findInFolder(join(path, newest))!, version: newest, versions };
  }
  throw new InputError(`${path}: expected ${KINDS}`, { hint: hintFor(path, names) });
}

function findFile(path: string): FoundModel {
  if (basename(path) === 'saved_model.pb') return findModel(join(path, '..'));
  const format = FORMATS[extname(path).toLowerCase()];
  if (format !== undefined) return { format, file: path, path };
  throw new InputError(`${path}: expected ${KINDS}`);
}

/** What TensorFlow Serving or the model server would load from a version's folder. */
function findInFolder(folder: string): FoundModel | undefined {
  const names = listIfFolder(folder);
  if (names.includes('saved_model.pb')) {
    return { format: 'saved_model', file: join(folder, 'saved_model.pb'), path: folder };
  }
  const [graph] = ['model.onnx', ...names.filter((name) => name.endsWith('.onnx')).sort()].filter(
    (name) => names.includes(name),
  );
  return graph === undefined
    ? undefined
    : { format: 'onnx', file: join(folder, graph), path: folder };
}

function listIfFolder(path: string): string[] {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(path) : [];
}

/** As TensorFlow Serving: a positive int64. */
function isVersion(name: string): boolean {
  return /^\d{1,19}$/.test(name) && BigInt(name) > 0n && BigInt(name) < 2n ** 63n;
}

function hintFor(path: string, names: readonly string[]): string | undefined {
  if (names.includes('saved_model.pbtxt') || names.includes('saved_model.cpb')) {
    return 'saved_model.pbtxt and saved_model.cpb are not read: save it again, in the default format.';
  }
  const models = names.filter((name) => FORMATS[extname(name).toLowerCase()] !== undefined);
  if (models.length > 0) return `There is ${models.map((name) => join(path, name)).join(', ')}.`;
  const folders = names.filter((name) =>
    listIfFolder(join(path, name)).some((inner) => isVersion(inner)),
  );
  if (folders.length > 0)
    return `Models are in ${folders.map((name) => join(path, name)).join(', ')}.`;
  return undefined;
}
