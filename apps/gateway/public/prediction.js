/**
 * One picture, from wherever it is: a file, a sample or a link.
 *
 * @typedef {{ name: string, file?: Blob, sample?: string, link?: string }} Picture
 */

import { post, send } from './api.js';
import { Problem } from './problem.js';

/**
 * Class probabilities, best first; the version that gave them; the stages that took the time, and how
 * long the browser waited. Throws a {@link Problem}.
 */
export async function predict(picture, query, signal) {
  const { type, body } = await bodyOf(picture, signal);
  const { response, answer, ms } = await post(`/predict${query}`, type, body, signal);
  const scores = Object.entries(answer ?? {});
  if (scores.length === 0 || !scores.every(([, score]) => Number.isFinite(score))) {
    throw Problem.ofResponse(response);
  }
  return {
    scores: scores.sort((a, b) => b[1] - a[1]),
    version: response.headers.get('x-model-version') ?? '',
    stages: response.headers.get('server-timing') ?? '',
    ms,
  };
}

async function bodyOf({ file, sample, link }, signal) {
  if (link) {
    const body = JSON.stringify(link.startsWith('data:') ? { image: link } : { url: link });
    return { type: 'application/json', body };
  }
  const body = file ? await readable(file) : await fetchSample(sample, signal);
  // The service goes by the content; a file of unknown type is still sent as a picture.
  return { type: body.type.startsWith('image/') ? body.type : 'image/jpeg', body };
}

async function fetchSample(url, signal) {
  const response = await send(url, { signal });
  if (!response.ok) throw Problem.ofResponse(response);
  return response.blob();
}

/** A folder, or a file deleted since, fails here and not as if the service were down. */
async function readable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return file;
  } catch {
    throw new Problem('FILE_UNREADABLE');
  }
}
