import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Preprocessor } from '#preprocessing';
import { availableCpus } from '#project';
import { UsageError, writeWhole, type Context, type Report } from '../frame/index.js';
import { MAX_PIXELS } from '../images/limits.js';
import { readSignatures } from '../saved-model/signatures.js';
import { chooseImages } from './choose-images.js';
import { chooseSignatures } from './choose-signatures.js';
import { locate } from './locate.js';
import { countRecords, sizesFor, warmupRecords, type WarmupPlan } from './requests.js';
import { MAX_RECORDS, WARMUP_FILE, writeRecords } from './write-warmup.js';

export interface WarmupOptions {
  readonly spec?: string;
  readonly images?: readonly string[];
  readonly count: number;
  readonly batchSize?: readonly number[];
  readonly signature?: readonly string[];
  readonly name?: string;
  readonly force?: boolean;
}

/** Writes a SavedModel's warm-up requests. */
export async function warmup(
  [folder]: readonly [string],
  options: WarmupOptions,
  context: Context,
): Promise<Report> {
  const { count, batchSize: batchSizes = [1] } = options;
  const { version, model } = await locate(folder, options.spec);
  const signatures = await readSignatures(version);
  const { bindings, skipped } = chooseSignatures(signatures, model.spec, options.signature);
  for (const { signature, reason } of skipped) context.note(`${signature}: skipped, ${reason}`);
  const images = await chooseImages(
    options.images,
    model,
    bindings,
    count * Math.max(...batchSizes),
  );
  const { name } = model.spec;
  const plan = { name, ...options, spec: model.spec, bindings, images, count, batchSizes };
  const requests = countRecords(plan);
  if (requests > MAX_RECORDS) {
    throw new UsageError(`${requests} requests are more than the ${MAX_RECORDS} that are allowed`, {
      hint: 'Ask for a lower --count, fewer batch sizes, or fewer signatures.',
    });
  }
  const file = join(version, WARMUP_FILE);
  await write(file, plan, requests, options.force, context);
  const { size: bytes } = await stat(file);
  return {
    json: {
      file,
      requests,
      bytes,
      images: images.map((image) => image.name),
      signatures: bindings.map((binding) => ({
        signature: binding.signatureName,
        dtype: binding.dtype,
        batchSizes: sizesFor(binding, batchSizes),
      })),
      skipped,
    },
    text: ({ bold }) =>
      `${bold(file)}: ${requests} requests, ${bytes} bytes\n` +
      bindings.map(({ signatureName, dtype }) => `  ${signatureName} (${dtype})`).join('\n'),
  };
}

async function write(
  file: string,
  plan: WarmupPlan,
  requests: number,
  force: boolean | undefined,
  { signal, progress }: Context,
): Promise<void> {
  const preprocessor = new Preprocessor(availableCpus());
  const told = (done: number): void => {
    progress.tell('requests', done, requests);
  };
  try {
    const records = warmupRecords(plan, { preprocessor, maxPixels: MAX_PIXELS, signal });
    await writeWhole(file, (part) => writeRecords(part, records, told), { force });
  } finally {
    await preprocessor.close();
  }
}
