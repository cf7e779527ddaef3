import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../frame/errors.js';
import { WireError } from '../wire/wire-reader.js';
import { findModel, type FoundModel } from './find-model.js';
import type { ModelFileInfo } from './model-info.js';
import { Hdf5Error } from './read-hdf5.js';
import { readKeras, readKerasH5 } from './read-keras.js';
import { readOnnx } from './read-onnx.js';
import { readSavedModel } from './read-saved-model.js';
import { readWeights } from './read-weights.js';
import { ZipError } from './read-zip.js';

const NOUNS = {
  saved_model: 'a SavedModel',
  onnx: 'an ONNX model',
  keras: 'a .keras file',
  keras_h5: 'a Keras .h5 file',
};

/**
 * What can be told of a model without running it.
 *
 * @throws InputError where there is none, or it cannot be read
 */
export function readModel(path: string): ModelFileInfo {
  const found = findModel(path);
  try {
    return read(found);
  } catch (error) {
    if (!isOfContent(error)) throw error;
    const why = error instanceof SyntaxError ? 'its configuration is no JSON' : error.message;
    const message = `${found.file}: expected ${NOUNS[found.format]}, which it is not: ${why}`;
    throw new InputError(message, { cause: error });
  }
}

function read({ format, file, path, ...versions }: FoundModel): ModelFileInfo {
  switch (format) {
    case 'saved_model':
      return {
        format,
        path,
        ...versions,
        bytes: bytesOf(path),
        ...readSavedModel(file),
        variables: readWeights(join(path, 'variables', 'variables.index')),
        onnx_files: readdirSync(path).filter((name) => name.endsWith('.onnx')),
      };
    case 'onnx': {
      const content = readOnnx(file);
      const external = content.external_data.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
      return { format, path: file, ...versions, bytes: bytesOf(file) + external, ...content };
    }
    case 'keras':
      return { format, path, bytes: bytesOf(path), ...readKeras(file) };
    case 'keras_h5':
      return { format, path, bytes: bytesOf(path), ...readKerasH5(file) };
  }
}

/** Of a file, or of all in a folder. */
function bytesOf(path: string): number {
  if (!statSync(path).isDirectory()) return statSync(path).size;
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size)
    .reduce<number>((sum, size) => sum + (size ?? 0), 0);
}

function isOfContent(error: unknown): error is Error {
  return (
    error instanceof WireError ||
    error instanceof ZipError ||
    error instanceof Hdf5Error ||
    error instanceof SyntaxError
  );
}
