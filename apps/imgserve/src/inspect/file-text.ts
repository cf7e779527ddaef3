import type { Style } from '../frame/style.js';
import type {
  KerasInfo,
  ModelFileInfo,
  OnnxInfo,
  SavedModelInfo,
  Versions,
  WeightsInfo,
} from '../model-file/model-info.js';
import { signatureText } from './signature-text.js';

/** A model's file, for people. */
export function fileText(info: ModelFileInfo, style: Style): string {
  switch (info.format) {
    case 'saved_model':
      return savedModelText(info, style);
    case 'onnx':
      return onnxText(info, style);
    default:
      return kerasText(info, style);
  }
}

function savedModelText(info: SavedModelInfo, style: Style): string {
  const { bold } = style;
  const facts = [
    megabytes(info.bytes),
    weightsText('variables', info.variables),
    info.tensorflow_version === null ? undefined : `TensorFlow ${info.tensorflow_version}`,
  ];
  const graphs = info.meta_graphs.flatMap(({ tags, signatures }) => {
    const shown = Object.entries(signatures).filter(([name]) => !isInternal(name));
    const texts = shown.map(([name, signature]) => signatureText(name, signature, style));
    const heading =
      info.meta_graphs.length > 1 ? [`graph ${bold(tags.join(', ') || '(no tag)')}`] : [];
    return [...heading, ...(texts.length > 0 ? texts : ['no signatures'])];
  });
  const beside = info.onnx_files.length > 0 ? [`beside it: ${info.onnx_files.join(', ')}`] : [];
  return [
    `${bold('SavedModel')} ${info.path}${versionsText(info)}`,
    known(facts),
    '',
    ...graphs,
    ...beside,
  ].join('\n');
}

function onnxText(info: OnnxInfo, style: Style): string {
  const opsets = Object.entries(info.opsets).map(([domain, version]) => `${domain} ${version}`);
  const facts = [
    megabytes(info.bytes),
    weightsText('initializers', info.initializers),
    `opset ${opsets.join(', ')}`,
    `IR ${info.ir_version}`,
    info.producer === null ? undefined : `made by ${info.producer}`,
  ];
  const external = info.external_data.map(({ file, bytes }) =>
    bytes === null
      ? style.red(`weights in ${file}, which is not there`)
      : `weights in ${file}, ${megabytes(bytes)}`,
  );
  // As the model server names the signature of a graph.
  const file = info.path.replace(/^.*[\\/]/, '').replace(/\.onnx$/, '');
  const name = file === 'model' ? 'serving_default' : file;
  return [
    `${style.bold('ONNX')} ${info.path}${versionsText(info)}`,
    known(facts),
    ...external,
    '',
    signatureText(name, info.signature, style),
  ].join('\n');
}

function kerasText(info: KerasInfo, { bold, yellow }: Style): string {
  const version = info.keras_version === null ? '' : ` ${info.keras_version}`;
  const lines = [`${bold(`Keras${version}`)} ${info.path}`, megabytes(info.bytes)];
  if (info.class_name === null) {
    const what = 'It holds weights alone: save the whole model with model.save("NAME.keras").';
    return [...lines, '', yellow(what)].join('\n');
  }
  const { last_layer: last } = info;
  const shapes = info.input_shapes.map((shape) =>
    shape === null ? 'any shape' : `[${shape.map((size) => size ?? 'None').join(', ')}]`,
  );
  const details = [
    `${info.class_name}${info.name === null ? '' : ` ${info.name}`}`,
    info.layers === null ? undefined : `${info.layers} layers`,
    shapes.length === 0 ? undefined : `input ${shapes.join(', ')}`,
    last === null ? undefined : `ends in ${lastLayerText(last)}`,
  ];
  const custom =
    info.custom_classes.length === 0
      ? []
      : [yellow(`needs the code of ${info.custom_classes.join(', ')}`)];
  return [...lines, ...details.filter(isKnown), ...custom].join('\n');
}

function lastLayerText({
  class_name: name,
  units,
  activation,
}: NonNullable<KerasInfo['last_layer']>): string {
  const details = [units === null ? undefined : `${units} units`, activation ?? undefined];
  const text = details.filter(isKnown).join(', ');
  return text === '' ? name : `${name} (${text})`;
}

/** TensorFlow's own, for what it does as it loads. */
function isInternal(name: string): boolean {
  return name.startsWith('__saved_model_');
}

function weightsText(what: string, weights: WeightsInfo | null): string | undefined {
  if (weights === null) return undefined;
  const parameters = weights.parameters.toLocaleString('en-US');
  return `${weights.count} ${what} of ${parameters} numbers`;
}

function versionsText({ version, versions = [] }: Partial<Versions>): string {
  if (version === undefined) return '';
  const others = versions.filter((other) => other !== version);
  return others.length === 0
    ? ` (version ${version})`
    : ` (version ${version}, also ${others.join(', ')})`;
}

function megabytes(bytes: number): string {
  if (bytes < 1e5) return `${(bytes / 1e3).toFixed(1)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function known(facts: readonly (string | undefined)[]): string {
  return facts.filter(isKnown).join(' · ');
}

function isKnown(text: string | undefined): text is string {
  return text !== undefined;
}
