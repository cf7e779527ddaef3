import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toSignature, type Signature } from '#serving-client';
import { savedModel } from './messages.js';

/** Of the graph that TensorFlow Serving loads. */
const SERVE_TAG = 'serve';

/**
 * What a SavedModel can be called with, by signature name, read from its file alone. TensorFlow's own
 * signatures, such as the init op, are left out: no request can ask for them.
 *
 * @param folder the one of `saved_model.pb`
 * @throws Error that names the file and what is wrong with it
 */
export async function readSignatures(folder: string): Promise<Record<string, Signature>> {
  const file = join(folder, 'saved_model.pb');
  const bytes = await readFile(file);
  const graph = graphsIn(bytes, file).find(({ metaInfoDef }) =>
    metaInfoDef?.tags?.includes(SERVE_TAG),
  );
  if (graph === undefined) throw new Error(`${file}: expected a graph with the tag ${SERVE_TAG}`);
  const signatures = Object.entries(graph.signatureDef ?? {})
    .filter(([name]) => !name.startsWith('__'))
    .map(([name, definition]) => [name, toSignature(definition)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(signatures);
}

function graphsIn(bytes: Buffer, file: string) {
  try {
    return savedModel.deserialize(bytes).metaGraphs ?? [];
  } catch (cause) {
    throw new Error(`${file}: expected a SavedModel`, { cause });
  }
}
