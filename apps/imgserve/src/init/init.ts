import { dirname, join } from 'node:path';
import { Document } from 'yaml';
import { writeWholeFile, type Context, type Report } from '../frame/index.js';
import { makeSpec, type SpecDocument, type SpecOptions } from './make-spec.js';
import { readLabels } from './read-labels.js';
import { findTarget } from './target.js';

export interface InitOptions extends SpecOptions {
  readonly labels: string;
  readonly signature?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly timeout: number;
}

/** `imgserve init MODEL --labels FILE`. */
export async function init(
  [model]: [model: string],
  options: InitOptions,
  { signal, progress }: Context,
): Promise<Report> {
  progress.tell(`reading ${model}`);
  const timing = { timeoutMs: options.timeout, signal };
  const target = await findTarget(model, options.signature, timing);
  const spec = makeSpec(target, readLabels(options.labels), options);
  const file = options.out ?? join('models', spec.name, 'model.yaml');
  await writeWholeFile(file, yamlOf(spec), { force: options.force });
  const next = target.isServable
    ? `npx imgserve golden PHOTOS --model ${dirname(file)}`
    : `npx imgserve convert ${model} --spec ${file}`;
  return {
    json: { file, spec, scores_by: target.lastOp ?? null, next },
    text: ({ bold, dim }) =>
      [
        `${bold(file)}: ${spec.labels.length} labels, ${sizeText(spec)}, scaling ${scalingText(spec)}, ${spec.scores}`,
        dim('Compare it with how the model was trained: resample and fit are not in its file.'),
        `Next: ${next}`,
      ].join('\n'),
  };
}

/** Lists of numbers in one line, labels one a line. */
function yamlOf(spec: SpecDocument): string {
  const document = new Document(spec);
  for (const path of [
    ['image', 'size'],
    ['image', 'scaling'],
  ]) {
    const node = document.getIn(path, true);
    if (typeof node === 'object' && node !== null && 'flow' in node) node.flow = true;
  }
  return document.toString({ flowCollectionPadding: false });
}

function sizeText({ image }: SpecDocument): string {
  return (image['size'] as readonly number[]).join('x');
}

function scalingText({ image }: SpecDocument): string {
  const { scaling } = image;
  return typeof scaling === 'string' ? scaling : JSON.stringify(scaling);
}
