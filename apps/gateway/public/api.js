import { Problem } from './problem.js';

const TIMEOUT_MS = 60_000;

let apiKey = '';

export function useKey(key) {
  apiKey = key;
}

export function isKeySent() {
  return apiKey !== '';
}

/** Throws a {@link Problem} where there is no answer. */
export async function send(url, options) {
  try {
    return await fetch(url, options);
  } catch {
    throw new Problem(options.signal.aborted ? 'NO_ANSWER' : 'UNREACHABLE');
  }
}

/** What the service says to `GET`; undefined where it says nothing of use. */
export async function read(url) {
  try {
    const response = await fetch(url);
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

/** The answer to a prediction, its headers, and how long the browser waited. Throws a {@link Problem}. */
export async function post(url, type, body, signal) {
  const headers = { accept: 'application/json', 'content-type': type };
  if (apiKey) headers.authorization = `Bearer ${apiKey}`;
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const started = performance.now();
  const response = await send(url, { method: 'POST', headers, body, signal: inTime });
  const answer = await response.json().catch(() => undefined);
  const ms = performance.now() - started;
  if (!response.ok) throw Problem.ofResponse(response, answer);
  return { response, answer, ms };
}
