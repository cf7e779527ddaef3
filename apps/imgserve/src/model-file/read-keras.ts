import { NO_CONFIG, readKerasConfig, type KerasContent } from './keras-config.js';
import { readHdf5Attributes } from './read-hdf5.js';
import { readZipMembers } from './read-zip.js';

type Content = KerasContent & { readonly keras_version: string | null };

/**
 * A `.keras` archive: its `config.json` and `metadata.json`.
 *
 * @throws ZipError, SyntaxError
 */
export function readKeras(path: string): Content {
  const members = readZipMembers(path, ['config.json', 'metadata.json']);
  const parse = (name: string): Record<string, unknown> | undefined => {
    const text = members.get(name)?.toString('utf8');
    return text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>);
  };
  const config = parse('config.json');
  const version = parse('metadata.json')?.['keras_version'];
  return {
    ...(config === undefined ? NO_CONFIG : readKerasConfig(config)),
    keras_version: typeof version === 'string' ? version : null,
  };
}

/**
 * A `.h5` file: the attributes `model_config` and `keras_version` of its root.
 *
 * @throws Hdf5Error, SyntaxError
 */
export function readKerasH5(path: string): Content {
  const attributes = readHdf5Attributes(path, ['model_config', 'keras_version']);
  const config = attributes.get('model_config');
  return {
    ...(config === undefined ? NO_CONFIG : readKerasConfig(JSON.parse(config))),
    keras_version: attributes.get('keras_version') ?? null,
  };
}
