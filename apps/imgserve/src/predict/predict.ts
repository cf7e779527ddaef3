import { readFile } from 'node:fs/promises';
import { InputError, UsageError, type Context, type Report, type Style } from '../frame/index.js';
import { Asker, type Answer } from './ask.js';
import { CSV_HEAD, csvOf } from './csv.js';
import { inOrder } from './in-order.js';
import { countInputs, inputsOf } from './inputs.js';

export interface PredictOptions {
  readonly url: string;
  readonly model?: string;
  readonly top: number;
  readonly csv?: boolean;
  readonly concurrency: number;
  /** Seconds. */
  readonly timeout: number;
  readonly apiKeyFile?: string;
}

/** Asks a gateway about images. */
export async function predict(
  [named]: readonly [readonly string[]],
  { url, model, top, csv, concurrency, timeout, apiKeyFile }: PredictOptions,
  { signal, progress, note, line }: Context,
): Promise<Report> {
  const apiKey = apiKeyFile === undefined ? undefined : await keyIn(apiKeyFile);
  const total = await countInputs(named);
  const timeoutMs = timeout * 1000;
  const asker = new Asker({ url, apiKey, model, top, timeoutMs, signal });
  await asker.expectLive();
  // The line break of RFC 4180 is CR LF.
  const textOf = (answer: Answer, style: Style): string =>
    csv === true ? `${csvOf(answer)}\r` : lineOf(answer, style);
  if (csv === true) await line(() => `${CSV_HEAD}\r`);
  const answers: Answer[] = [];
  for await (const answer of inOrder(inputsOf(named), concurrency, (one) => asker.ask(one))) {
    signal.throwIfAborted();
    answers.push(answer);
    await line((style) => textOf(answer, style));
    if ('problem' in answer && csv === true) note(`${answer.image}: ${wordsOf(answer.problem)}`);
    progress.tell('images', answers.length, total);
  }
  const failed = answers.filter((answer) => 'problem' in answer).length;
  if (failed > 0) note(`${failed} of ${answers.length} images have no answer`);
  return {
    json: { images: answers.length, failed, answers },
    text: () => '',
    isFailed: failed > 0,
  };
}

async function keyIn(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new InputError(`${file}: the key cannot be read`, { cause });
  });
  const key = text.trim();
  if (!/^[!-~]+$/.test(key)) throw new UsageError(`${file}: expected one key and nothing else`);
  return key;
}

function lineOf(answer: Answer, { bold, red, dim }: Style): string {
  if ('problem' in answer) return `${answer.image}  ${red(wordsOf(answer.problem))}`;
  const classes = answer.best.map(({ label, probability }, index) => {
    const share = `${(probability * 100).toFixed(1)}%`;
    return `${index === 0 ? bold(label) : label} ${dim(share)}`;
  });
  return `${answer.image}  ${classes.join('  ')}`;
}

function wordsOf({ code, detail }: { readonly code: string; readonly detail: string }): string {
  return `${code}: ${detail}`;
}
