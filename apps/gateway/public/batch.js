/**
 * One file of many, and what is known of it.
 *
 * @typedef {{ file: File, model?: string, version?: string, label?: string, probability?: number,
 *   problem?: Problem }} Item
 */

import { post } from './api.js';
import { Problem } from './problem.js';

/** The service works on so many side by side; more would only make the progress coarser. */
const MAX_TOGETHER = 8;
/** What is held in memory as base64, unless a single file is longer. */
const MAX_BYTES_TOGETHER = 16 * 1024 * 1024;
const BYTES_AROUND_IMAGE = 64;

const WORTH_WAITING = new Set(['RATE_LIMITED', 'OVERLOADED', 'MODEL_UNAVAILABLE']);
const MAX_WAITS = 5;
const MAX_WAIT_S = 300;

/**
 * Settles the items one request after the other; `told` hears of each, and of the seconds that the
 * service asks to wait. Throws the {@link Problem} of a request that came to nothing: the items that
 * are not settled yet can be asked about again.
 */
export async function classifyItems(items, query, limits, signal, told) {
  const open = items.filter((item) => !isSettled(item));
  for (const group of requestsOf(open, limits)) {
    await encodeAndAsk(group, query, limits, signal, told);
    signal.throwIfAborted();
    told.settled(group);
  }
}

export function isSettled({ label, problem }) {
  return label !== undefined || problem !== undefined;
}

/** Groups that one request may hold: by their number, and by their length in base64. */
function* requestsOf(items, { maxImages, maxBodyBytes }) {
  const maxItems = Math.min(maxImages, MAX_TOGETHER);
  const maxBytes = Math.min(maxBodyBytes, MAX_BYTES_TOGETHER);
  let group = [];
  let bytes = 0;
  for (const item of items) {
    const length = Math.ceil(item.file.size / 3) * 4 + BYTES_AROUND_IMAGE;
    if (group.length === maxItems || (group.length > 0 && bytes + length > maxBytes)) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(item);
    bytes += length;
  }
  if (group.length > 0) yield group;
}

async function encodeAndAsk(group, query, limits, signal, told) {
  const images = await Promise.all(group.map((item) => encode(item, limits)));
  const asked = group.filter(({ problem }) => problem === undefined);
  if (asked.length === 0) return;
  // In parts: one string of all would take the memory twice.
  const parts = images
    .filter((image) => image !== undefined)
    .flatMap((image, index) => [index > 0 ? ',' : '', '{"image":"', image, '"}']);
  const body = new Blob(['{"images":[', ...parts, ']}']);
  const ask = () => post(`/predict/batch${query}`, 'application/json', body, signal);
  const { response, answer } = await patiently(ask, signal, told);
  const predictions = answer?.predictions;
  if (!Array.isArray(predictions) || predictions.length !== asked.length) {
    throw Problem.ofResponse(response);
  }
  const version = response.headers.get('x-model-version') ?? '';
  asked.forEach((item, index) => settle(item, predictions[index], version));
}

/** Its base64; undefined where the file is no use, which its item then says. */
async function encode(item, { maxImageBytes }) {
  try {
    // Not sent, since the service would only refuse it.
    if (item.file.size > maxImageBytes) throw new Problem('IMAGE_TOO_LARGE');
    return await base64Of(item.file);
  } catch (error) {
    item.problem = error;
    return undefined;
  }
}

function base64Of(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1));
    reader.onerror = () => reject(new Problem('FILE_UNREADABLE'));
    reader.readAsDataURL(file);
  });
}

function settle(item, prediction, version) {
  if (prediction?.error !== undefined) {
    item.problem = Problem.ofAnswer(prediction.error);
    return;
  }
  const [best] = Object.entries(prediction ?? {});
  if (best === undefined || !Number.isFinite(best[1])) item.problem = new Problem('UNEXPECTED');
  else [item.label, item.probability, item.version] = [...best, version];
}

async function patiently(ask, signal, told) {
  for (let waits = 0; ; waits++) {
    try {
      return await ask();
    } catch (problem) {
      const seconds = problem.retryAfterSeconds;
      const isHopeless = !WORTH_WAITING.has(problem.code) || seconds === undefined;
      if (isHopeless || seconds > MAX_WAIT_S || waits === MAX_WAITS) throw problem;
      told.waiting(problem, seconds);
      await sleep(seconds * 1000, signal);
      told.waited();
    }
  }
}

function sleep(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const stop = () => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}
