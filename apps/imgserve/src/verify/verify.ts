import { join } from 'node:path';
import { readGolden, type CatalogEntry, type Golden } from '#model-spec';
import { Preprocessor } from '#preprocessing';
import { availableCpus } from '#project';
import { InputError, UsageError, type Context, type Report } from '../frame/index.js';
import { catalogModels, findModel } from '../models/find-model.js';
import { checkImage, type Checked, type Failure } from './check-image.js';
import { explain, type Case, type Explanation } from './explain.js';
import { tensorReference } from './golden-files.js';
import { linesOf } from './report.js';
import { ScoreServer } from './server-scores.js';
import type { Way } from './way.js';

export interface VerifyOptions {
  readonly against?: string;
  readonly golden?: string;
}

/** What was found of one model. */
export interface Verified {
  readonly model: CatalogEntry;
  /** Undefined where there are none. */
  readonly images: number | undefined;
  readonly failures: readonly Failure[];
  readonly explanation: Explanation | undefined;
  readonly server: { readonly version: string; readonly failures: readonly Failure[] } | undefined;
}

/** Holds models against their golden vectors. */
export async function verify(
  [names]: readonly [readonly string[]],
  { against, golden }: VerifyOptions,
  context: Context,
): Promise<Report> {
  const models =
    names.length === 0
      ? await catalogModels(context.env)
      : await Promise.all(names.map((name) => findModel(name, context.env)));
  if (golden !== undefined && models.length !== 1) {
    throw new UsageError('Expected one model with --golden');
  }
  const server = against === undefined ? undefined : new ScoreServer(against);
  const preprocessor = new Preprocessor(availableCpus());
  const verified: Verified[] = [];
  try {
    for (const model of models) {
      verified.push(await verifyModel(model, golden, server, preprocessor, context));
    }
  } finally {
    server?.close();
    await preprocessor.close();
  }
  if (names.length > 0 && verified.some(({ images }) => images === undefined)) {
    const { model } = verified.find(({ images }) => images === undefined)!;
    throw new InputError(`${model.spec.name}: there are no golden vectors to hold it against`, {
      hint: `Make some: imgserve golden IMAGES --model ${names[0]!} --keras MODEL.keras`,
    });
  }
  return reportOf(verified);
}

async function verifyModel(
  model: CatalogEntry,
  place: string | undefined,
  server: ScoreServer | undefined,
  preprocessor: Preprocessor,
  { signal, progress }: Context,
): Promise<Verified> {
  const golden = place === undefined ? model.golden : goldenIn(place);
  if (golden === undefined) {
    return { model, images: undefined, failures: [], explanation: undefined, server: undefined };
  }
  const folder = place ?? join(model.folder, 'golden');
  const { spec } = model;
  const { size, decode, resample, fit, scaling } = spec.image;
  const usual = { isOriented: false, background: undefined, isBgr: false };
  const way: Way = { size, decode, resample, fit, scaling, ...usual };
  const options = { preprocessor, signal };
  const checked: Omit<Checked, 'tensor'>[] = [];
  for (const image of golden.images) {
    const { failure, file } = await checkImage(folder, image, spec, way, options);
    checked.push({ failure, file });
    progress.tell(spec.name, checked.length, golden.images.length);
  }
  const failures = checked.flatMap(({ failure }) => failure ?? []);
  const cases: Case[] = [];
  for (const [index, image] of golden.images.entries()) {
    const { failure, file } = checked[index]!;
    // Nothing that is tried changes the size.
    if (failure === undefined || file === undefined || failure.stage === 'shape') continue;
    const elements = await tensorReference(folder, image);
    const resizedSha256 = image.stages?.resized?.sha256;
    cases.push({ ...image.tensor, file, resizedSha256, elements });
  }
  if (cases.length > 0) progress.tell('looking for what would be equal');
  return {
    model,
    images: golden.images.length,
    failures,
    explanation: await explain(way, cases, signal),
    server: await server?.check(
      spec,
      golden,
      checked.map(({ file }) => file),
      options,
    ),
  };
}

function goldenIn(folder: string): Golden {
  const file = join(folder, 'golden.json');
  try {
    return readGolden(file);
  } catch (error) {
    throw new InputError(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

function reportOf(verified: readonly Verified[]): Report {
  const isFailed = verified.some(
    ({ failures, server }) => failures.length > 0 || (server?.failures.length ?? 0) > 0,
  );
  return {
    json: {
      ok: !isFailed,
      models: verified.map(({ model, images = 0, failures, explanation, server }) => ({
        model: model.spec.name,
        images,
        failures,
        ...(explanation && {
          explanation: {
            changes: explanation.changes.map(({ words }) => words),
            explained: explanation.explained,
            of: explanation.of,
          },
        }),
        ...(server && { server }),
      })),
    },
    text: (style) => verified.flatMap((one) => linesOf(one, style)).join('\n'),
    isFailed,
  };
}
