import type { KerasInfo } from './model-info.js';

export type KerasContent = Omit<KerasInfo, 'format' | 'path' | 'bytes' | 'keras_version'>;

type Json = Record<string, unknown>;
type Shape = readonly (number | null)[] | null;

/** Deeper than any model is nested. */
const MAX_DEPTH = 32;

/** Of a file of weights alone. */
export const NO_CONFIG: KerasContent = {
  class_name: null,
  name: null,
  layers: null,
  input_shapes: [],
  last_layer: null,
  custom_classes: [],
};

/**
 * What a model's configuration says, as Keras 2 and 3 write it into `config.json` of `.keras` and
 * `model_config` of `.h5`: `{"class_name", "config": {"name", "layers": […]}}`.
 */
export function readKerasConfig(document: unknown): KerasContent {
  const model = objectOf(document);
  const config = objectOf(model['config']);
  const layers = layersOf(model, 0);
  const leaves = layers.filter((layer) => !Array.isArray(objectOf(layer['config'])['layers']));
  const last = leaves.filter(({ class_name: name }) => name !== 'InputLayer').at(-1);
  const inputs = layersOf(model, MAX_DEPTH - 1).filter(
    ({ class_name: name }) => name === 'InputLayer',
  );
  const shapes = inputs.map((layer) => shapeOf(objectOf(layer['config'])));
  const built = shapeFrom(objectOf(model['build_config'])['input_shape']);
  return {
    class_name: textOf(model['class_name']),
    name: textOf(config['name']),
    layers: Array.isArray(config['layers']) ? leaves.length : null,
    input_shapes: shapes.length > 0 || built === null ? shapes : [built],
    last_layer: last === undefined ? null : lastLayer(last),
    custom_classes: [...new Set(layers.filter(isCustom).map((layer) => nameOf(layer)))].sort(),
  };
}

/** All layers down to a depth, a nested model before its own. */
function layersOf(model: Json, depth: number): Json[] {
  const { layers } = objectOf(model['config']);
  if (!Array.isArray(layers) || depth >= MAX_DEPTH) return [];
  return layers.map(objectOf).flatMap((layer) => [layer, ...layersOf(layer, depth + 1)]);
}

/** Keras 3 names packages of its own; what is registered by somebody else has another. */
function isCustom(layer: Json): boolean {
  const { module, registered_name: registered } = layer;
  if (typeof module === 'string') return !/^keras(\.|$)/.test(module);
  if (module === null) return true;
  return typeof registered === 'string' && registered.includes('>');
}

function nameOf(layer: Json): string {
  return textOf(layer['registered_name']) ?? textOf(layer['class_name']) ?? '?';
}

function lastLayer(layer: Json): KerasInfo['last_layer'] {
  const { activation, units, filters } = objectOf(layer['config']);
  const size = units ?? filters;
  return {
    class_name: textOf(layer['class_name']) ?? '?',
    activation: textOf(activation) ?? textOf(objectOf(activation)['class_name']),
    units: typeof size === 'number' ? size : null,
  };
}

function shapeOf(config: Json): Shape {
  return shapeFrom(config['batch_shape'] ?? config['batch_input_shape']);
}

function shapeFrom(value: unknown): Shape {
  if (!Array.isArray(value)) return null;
  return value.map((size) => (typeof size === 'number' ? size : null));
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}
