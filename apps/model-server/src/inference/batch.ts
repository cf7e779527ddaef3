import { status } from '@grpc/grpc-js';
import { runFailed } from '../errors/messages.js';
import { ServingError } from '../errors/serving-error.js';
import { SessionError } from './session-worker.js';
import type { Signature } from './signature.js';
import { joinRows, sliceRows, zeroRow, type Values } from './values.js';

/** What one caller asks of a signature. */
export interface Request {
  readonly signature: Signature;
  readonly inputs: Values;
  /** Aliases to answer. */
  readonly outputs: readonly string[];
  /** Told of each run that this was a part of. */
  readonly onRun?: ((run: RunTimes) => void) | undefined;
}

/** One run, as one of the requests in it sees it. */
export interface RunTimes {
  /** Of all requests that were joined. */
  readonly rows: number;
  /** From the request's arrival to the run. */
  readonly queuedMs: number;
  readonly runMs: number;
}

export interface Job extends Request {
  readonly rows: number;
  /** `performance.now()` at its arrival. */
  readonly queuedAt: number;
  readonly resolve: (outputs: Values) => void;
  readonly reject: (error: unknown) => void;
}

export type Run = (
  signature: Signature,
  inputs: Values,
  outputs: readonly string[],
) => Promise<Values>;

/** Rows along the first dimension; values without one count as a row. */
export function rowsOf(inputs: Values): number {
  return Object.values(inputs)[0]?.dims[0] ?? 1;
}

/** Equal for requests that may share a run; undefined for one that runs alone. */
export function joinKey({ signature, inputs }: Request): string | undefined {
  if (!signature.batched) return undefined;
  const shapes = Object.entries(inputs).map(([name, { dims }]) => [name, ...dims.slice(1)]);
  return JSON.stringify([signature.name, ...shapes]);
}

/**
 * Runs jobs that share a key as one and gives each its rows. Where that fails, or where the outputs
 * turn out not to have a row per input row, each runs alone: one caller's values must not fail
 * another's.
 */
export async function runBatch(batch: readonly Job[], run: Run): Promise<void> {
  const [first] = batch;
  if (batch.length === 1) {
    await runAlone(first!, run);
    return;
  }
  const rows = batch.reduce((sum, job) => sum + job.rows, 0);
  const wanted = [...new Set(batch.flatMap(({ outputs }) => outputs))];
  try {
    const outputs = await runRows(batch, joinRows(batch.map(inputsOf)), wanted, run);
    if (!Object.values(outputs).every(({ dims }) => dims[0] === rows)) throw new UnalignedError();
    let from = 0;
    for (const job of batch) {
      job.resolve(pick(sliceRows(outputs, from, (from += job.rows)), job.outputs));
    }
  } catch {
    for (const job of batch) await runAlone(job, run);
  }
}

async function runAlone(job: Job, run: Run): Promise<void> {
  try {
    // A run takes its inputs over, and these may be views of the caller's message.
    job.resolve(await runRows([job], joinRows([job.inputs]), job.outputs, run));
  } catch (error) {
    job.reject(error instanceof SessionError ? refusal(error) : error);
  }
}

/** Not every kernel bears an empty tensor: none of its rows are what one row of zeros gives, less the row. */
async function runRows(
  jobs: readonly Job[],
  inputs: Values,
  outputs: readonly string[],
  run: Run,
): Promise<Values> {
  const { signature } = jobs[0]!;
  // Afterwards the inputs are gone.
  const rows = rowsOf(inputs);
  const startedAt = performance.now();
  try {
    if (!signature.batched || rows > 0) return await run(signature, inputs, outputs);
    return sliceRows(await run(signature, zeroRow(inputs), outputs), 0, 0);
  } finally {
    const runMs = performance.now() - startedAt;
    for (const { onRun, queuedAt } of jobs)
      onRun?.({ rows, queuedMs: startedAt - queuedAt, runMs });
  }
}

class UnalignedError extends Error {}

const inputsOf = ({ inputs }: Job) => inputs;

const pick = (values: Values, names: readonly string[]): Values =>
  Object.fromEntries(names.map((name) => [name, values[name]!]));

function refusal({ message }: SessionError): ServingError {
  return /alloc/i.test(message)
    ? new ServingError(status.RESOURCE_EXHAUSTED, message)
    : runFailed(message);
}
