import { abortSignalOf, type Signal } from '#cancellation';
import { DomainError } from '#errors';
import type { Prediction } from '#serving-client';
import type { Tensor } from '#tensor';
import type { Call } from '../http/call.js';
import { joinOutputs } from './join-outputs.js';
import { Semaphore } from './semaphore.js';
import type { ServedSignature } from './served-signature.js';
import { timed, type StageTimes } from './stage-times.js';

/** Gets the bytes of one image, from wherever they are. */
export type ImageSource = (signal: Signal) => Promise<Uint8Array> | Uint8Array;

/** Takes an image's bytes back once nobody reads them any more. */
export interface ImageKeeper {
  release(image: Uint8Array): void;
}

/** What an image that cannot be read spoils: its own row, or everything. */
export type Spoils = 'row' | 'batch';

/** What a model answers to a batch. */
export interface BatchPrediction {
  /** The version that answered; undefined where no image could be read, and so none was asked. */
  readonly version: string | undefined;
  /** Every version that answered a part of it: a new one may come between. */
  readonly versions: readonly string[];
  /** By output alias, a row for each image that could be read. */
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Of each image, in order: its row of the outputs, or why it has none. */
  readonly rows: readonly (number | DomainError)[];
}

/**
 * Images of one request that are fetched and decoded side by side: enough to hide a slow origin, few
 * enough that others' images get their turn in between.
 */
const SIDE_BY_SIDE = 8;

/**
 * Asks a signature about many images, in as few calls as can hold them.
 *
 * @throws DomainErrors of the model, and of an image where that spoils the batch; the call's reason
 * where its deadline passes or its caller goes
 */
export async function predictBatch(
  signature: ServedSignature,
  images: readonly ImageSource[],
  call: Call,
  times: StageTimes,
  spoils: Spoils,
  keeper?: ImageKeeper,
): Promise<BatchPrediction> {
  const failed = new AbortController();
  const signal = AbortSignal.any([abortSignalOf(call.signal), failed.signal]);
  const batch: Batch = {
    signature,
    times,
    call: { ...call, signal },
    lanes: new Semaphore(SIDE_BY_SIDE),
    fail: (reason) => {
      failed.abort(reason);
    },
    spoils,
    keeper,
  };
  const parts: Promise<Part>[] = [];
  const { maxRows } = signature;
  for (let from = 0; from < images.length; from += maxRows) {
    parts.push(predictPart(batch, images.slice(from, from + maxRows), from));
  }
  // Not before all of them have let go of their memory.
  await Promise.allSettled(parts);
  signal.throwIfAborted();
  const ended = await Promise.all(parts);
  try {
    return join(ended);
  } catch (error) {
    for (const prediction of ended.flatMap(({ predictions }) => predictions)) {
      signature.distrust(prediction);
    }
    throw error;
  }
}

interface Batch {
  readonly signature: ServedSignature;
  readonly times: StageTimes;
  readonly call: Call;
  readonly lanes: Semaphore;
  /** What else is done for the batch is in vain. */
  readonly fail: (reason: unknown) => void;
  readonly spoils: Spoils;
  readonly keeper: ImageKeeper | undefined;
}

interface Part {
  readonly failures: readonly (DomainError | undefined)[];
  readonly predictions: readonly Prediction[];
}

/** Never rejects: what fails the batch is told to it. */
async function predictPart(
  { signature, times, call, lanes, fail, spoils, keeper }: Batch,
  images: readonly ImageSource[],
  offset: number,
): Promise<Part> {
  const { signal } = call;
  const rows = signature.rows(images.length);
  const failures: (DomainError | undefined)[] = images.map(() => undefined);
  const sent: Uint8Array[] = [];
  const read = async (image: ImageSource, row: number): Promise<void> => {
    let file: Uint8Array | undefined;
    try {
      signal.throwIfAborted();
      file = await image(signal);
      await rows.encode(row, file, signal, times);
      // Those that are sent as they are have to stay until then.
      if (signature.binding.dtype === 'DT_STRING') sent.push(file);
      else keeper?.release(file);
    } catch (error) {
      if (file !== undefined) keeper?.release(file);
      if (signal.aborted) return;
      if (!(error instanceof DomainError)) fail(error);
      else if (spoils === 'batch') fail(atIndex(error, offset + row));
      else failures[row] = error;
    }
  };
  await Promise.all(images.map((image, row) => lanes.run(() => read(image, row))));
  const good = [...failures.keys()].filter((row) => failures[row] === undefined);
  try {
    if (signal.aborted || good.length === 0) {
      rows.discard();
      return { failures, predictions: [] };
    }
    return { failures, predictions: await timed(times.infer, () => rows.send(good, call)) };
  } catch (error) {
    fail(error);
    return { failures, predictions: [] };
  } finally {
    for (const file of sent) keeper?.release(file);
  }
}

/** @throws UnusableScoresError where the answers do not hold a row for each image */
function join(parts: readonly Part[]): BatchPrediction {
  let next = 0;
  const rows = parts.flatMap(({ failures }) => failures.map((failure) => failure ?? next++));
  const predictions = parts.flatMap(({ predictions }) => predictions);
  return {
    version: predictions[0]?.version,
    versions: [...new Set(predictions.map(({ version }) => version))],
    outputs: joinOutputs(predictions, next),
    rows,
  };
}

function atIndex(error: DomainError, index: number): DomainError {
  return new DomainError(error.code, `Image ${index}: ${error.publicMessage}`, { cause: error });
}
