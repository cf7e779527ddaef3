import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { CatalogEntry, Golden } from '#model-spec';
import {
  expectFree,
  InputError,
  UsageError,
  writeWhole,
  type Context,
  type Report,
} from '../frame/index.js';
import { findModel } from '../models/find-model.js';
import { findSavedModel } from '../saved-model/version-folder.js';
import { askKeras, kerasPython, type Vectors } from './ask-python.js';
import { chooseImages, type NamedImage } from './choose-images.js';
import { classesRight } from './classes-right.js';
import { keepOthers } from './keep-others.js';

export interface GoldenOptions {
  readonly model: string;
  readonly keras?: string;
  readonly savedModel?: string;
  readonly preprocess?: string;
  readonly count: number;
  readonly tolerance: number;
  readonly references: boolean;
  readonly out?: string;
  readonly python?: string;
  readonly force?: boolean;
}

/** Makes the golden vectors of a model. */
export async function golden(
  [folder]: readonly [string],
  options: GoldenOptions,
  context: Context,
): Promise<Report> {
  const model = await findModel(options.model, context.env);
  const judge = await judgeOf(model, options);
  const out = options.out ?? join(model.folder, 'golden');
  await expectFree(join(out, 'golden.json'), options);
  const { images, total } = await chooseImages(folder, options.count);
  if (images.length < total)
    context.note(`${images.length} of ${total} images, spread over ${folder}`);
  const python = await kerasPython(options.python, context);
  let vectors: Vectors | undefined;
  await writeWhole(
    out,
    async (part) => {
      await mkdir(part);
      const references = options.references ? join(part, 'references') : undefined;
      if (references !== undefined) await mkdir(references);
      const asked = { spec: model.spec, images, references, ...judge };
      vectors = await askKeras(python, { ...asked, preprocess: options.preprocess }, context);
      await keepOthers(out, part);
      await fill(part, vectors, images, judge.version, options);
    },
    { force: true },
  );
  return reportOf(out, vectors!, images, model);
}

/** Which model says what is right. */
async function judgeOf(
  model: CatalogEntry,
  { keras, savedModel }: GoldenOptions,
): Promise<{
  keras: string | undefined;
  savedModel: string | undefined;
  version: number | undefined;
}> {
  if (keras !== undefined && savedModel !== undefined) {
    throw new UsageError('Expected either --keras or --saved-model but received both');
  }
  const found = await findSavedModel(savedModel ?? model.folder);
  const version = found === undefined ? NaN : Number(basename(resolve(found)));
  const known = { version: Number.isInteger(version) ? version : undefined };
  if (keras !== undefined) return { keras: resolve(keras), savedModel: undefined, ...known };
  if (found === undefined) {
    throw new InputError(`${savedModel ?? model.folder}: expected a SavedModel`, {
      hint: 'Name the trained model with --keras, or a SavedModel with --saved-model.',
    });
  }
  return { keras: undefined, savedModel: resolve(found), ...known };
}

/** @throws InputError where no image is left */
async function fill(
  part: string,
  { madeWith, images, refused }: Vectors,
  chosen: readonly NamedImage[],
  version: number | undefined,
  { tolerance }: GoldenOptions,
): Promise<void> {
  if (images.length === 0) {
    const reasons = refused.map(({ image, reason }) => `${image}: ${reason}`);
    throw new InputError(`No image could be used:\n${reasons.slice(0, 10).join('\n')}`);
  }
  const paths = new Map(chosen.map(({ name, path }) => [name, path]));
  for (const { file } of images) await copyFile(paths.get(file)!, join(part, file));
  const document: Golden = {
    made_with: madeWith,
    ...(version !== undefined && { model_version: version }),
    scores_tolerance: tolerance,
    images,
  };
  await writeFile(join(part, 'golden.json'), `${JSON.stringify(document, null, 2)}\n`);
}

function reportOf(
  out: string,
  { madeWith, images, refused }: Vectors,
  chosen: readonly NamedImage[],
  { spec, folder }: CatalogEntry,
): Report {
  const classes = classesRight(images, chosen, spec.labels);
  const file = join(out, 'golden.json');
  return {
    json: { file, images: images.length, refused, madeWith, ...(classes.of > 0 && { classes }) },
    text: ({ bold, yellow }) => {
      const versions = Object.entries(madeWith).map(([name, version]) => `${name} ${version}`);
      const lines = [`${bold(file)}: ${images.length} images, by ${versions.join(', ')}`];
      for (const { image, reason } of refused) lines.push(yellow(`  refused ${image}: ${reason}`));
      if (classes.of > 0) {
        lines.push(`  ${classes.right} of ${classes.of} are named as the folder that they lie in`);
      }
      return [...lines, `Next: npx imgserve verify ${folder}`].join('\n');
    },
  };
}
