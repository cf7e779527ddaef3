import { gradientJpeg } from '../support/images.js';

export interface Answered {
  readonly status: number;
  /** Empty for a prediction. */
  readonly code: string;
  readonly retryAfter: string | null;
  readonly text: string;
}

const image = await gradientJpeg(100, 80);

/** Asks for a prediction of a small picture. */
export async function predict(url: string, path = '/predict'): Promise<Answered> {
  const response = await fetch(new URL(path, url), {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg' },
    body: image,
  });
  return answered(response);
}

/** Posts JSON. */
export async function post(url: string, path: string, body: object): Promise<Answered> {
  const response = await fetch(new URL(path, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return answered(response);
}

/** The picture, as JSON carries it. */
export const base64 = image.toString('base64');

async function answered(response: Response): Promise<Answered> {
  const text = await response.text();
  const code = /"code":"(\w+)"/.exec(text)?.[1] ?? '';
  return {
    status: response.status,
    code,
    retryAfter: response.headers.get('retry-after'),
    text,
  };
}

/** How often each outcome was seen, such as `200` or `502 MODEL_FAILED`. */
export function tally(answers: readonly Answered[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, code } of answers) {
    const outcome = `${status} ${code}`.trim();
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}
