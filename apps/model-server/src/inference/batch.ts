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
}

export interface Job extends Request {
  readonly rows: number;
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
    const outputs = await runRows(first!.signature, joinRows(batch.map(inputsOf)), wanted, run);
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
    job.resolve(await runRows(job.signature, joinRows([job.inputs]), job.outputs, run));
  } catch (error) {
    job.reject(error instanceof SessionError ? refusal(error) : error);
  }
}

/** Not every kernel bears an empty tensor: none of its rows are what one row of zeros gives, less the row. */
async function runRows(
  signature: Signature,
  inputs: Values,
  outputs: readonly string[],
  run: Run,
): Promise<Values> {
  if (!signature.batched || rowsOf(inputs) > 0) return run(signature, inputs, outputs);
  return sliceRows(await run(signature, zeroRow(inputs), outputs), 0, 0);
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
