import { areScoresOf, CLASSES } from './scores.js';
import type { Expected, Sample } from './samples.js';

interface Problem {
  readonly code?: string;
}

type Prediction = Readonly<Record<string, number>>;

/** What is wrong with an answer, in a few words; undefined where it is as expected. */
export function faultOf(
  { expect, picture }: Sample,
  status: number,
  text: string,
): string | undefined {
  const answer = parse(text);
  const { code } = answer as Problem;
  if (status !== expect.status || (expect.code ?? undefined) !== code) {
    return `${status} ${code ?? ''}`.trim();
  }
  if (status !== 200) return undefined;
  if (!expect.batch) return faultOfPrediction(answer as Prediction, expect, picture);
  const { predictions } = answer as { predictions: (Prediction & { error?: Problem })[] };
  if (predictions.length !== expect.batch.length) return `${predictions.length} predictions`;
  for (const [place, wanted] of expect.batch.entries()) {
    const prediction = predictions[place]!;
    const got = prediction.error?.code ?? '';
    if (got !== wanted) return `${got || 'a prediction'} in the place of ${wanted || 'one'}`;
    const of = picture === undefined ? undefined : (picture + place) % expect.pictures!;
    const fault = wanted ? undefined : faultOfPrediction(prediction, expect, of);
    if (fault) return fault;
  }
  return undefined;
}

function faultOfPrediction(
  prediction: Prediction,
  { pictures }: Expected,
  picture: number | undefined,
): string | undefined {
  const probabilities = Object.values(prediction);
  if (probabilities.length !== CLASSES) return `${probabilities.length} classes`;
  if (pictures === undefined || picture === undefined) return undefined;
  return areScoresOf(picture, probabilities) ? undefined : 'scores of another picture';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {};
  }
}
