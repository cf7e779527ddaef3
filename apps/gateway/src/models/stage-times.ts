import type { EncodeTimes } from '#model-spec';

/** Told of each stage of a prediction how many seconds it took. */
export interface StageTimes extends EncodeTimes {
  /** Of a link: from the request to its last byte, redirects included. */
  readonly fetch: (seconds: number) => void;
  /** The model's call. */
  readonly infer: (seconds: number) => void;
  /** Of a request for one or many images, from its headers to the end of its answer, however it ended. */
  readonly total: (seconds: number) => void;
}

const ignore = (): void => undefined;

/** Where nobody asks how long it takes. */
export const UNTIMED: StageTimes = {
  fetch: ignore,
  decode: ignore,
  resize: ignore,
  infer: ignore,
  total: ignore,
};

/** Runs one stage and tells how long it took, also where it failed. */
export async function timed<T>(
  tell: (seconds: number) => void,
  stage: () => Promise<T>,
): Promise<T> {
  const start = performance.now();
  try {
    return await stage();
  } finally {
    tell((performance.now() - start) / 1000);
  }
}
