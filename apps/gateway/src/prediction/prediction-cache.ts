import { createHash, subtle } from 'node:crypto';
import type { Call } from '../http/call.js';
import type { Classification } from '../models/classifier.js';
import { LruMap } from '../models/lru-map.js';
import type { ServedModel } from '../models/served-model.js';
import type { StageTimes } from '../models/stage-times.js';
import { SingleFlight } from '../http/single-flight.js';

/** More than this is hashed on a thread of the pool. */
const HASH_HERE_BYTES = 256 * 1024;

/** What an image's answer is known by, before it is known. */
export interface CacheKey {
  readonly text: string;
  /** The version that serves: an answer of another is never given under this key. */
  readonly version: string;
}

/**
 * Answers by the SHA-256 of the encoded image, the spec and the version that serves. Which one that is
 * the backend is asked where it was not heard of within a tenth of a second, so that nothing computed
 * by a version is answered once another serves. Failures are not kept.
 */
export class PredictionCache {
  private readonly answers: LruMap<string, Classification>;
  private readonly flights = new SingleFlight<Classification>();
  private hitCount = 0;
  private missCount = 0;

  /** @param maxEntries past them, the one that was asked for longest ago goes */
  constructor(maxEntries: number) {
    this.answers = new LruMap(maxEntries);
  }

  /** Answers that are kept. */
  get size(): number {
    return this.answers.size;
  }

  /** Requests answered without a call of the model of their own. */
  get hits(): number {
    return this.hitCount;
  }

  get misses(): number {
    return this.missCount;
  }

  /** @throws as `ServedModel.predict`, where the version that serves cannot be told */
  async keyOf(model: ServedModel, image: Uint8Array, call: Call): Promise<CacheKey> {
    const [version, hash] = await Promise.all([model.currentVersion(call), hashOf(image)]);
    return { text: `${model.identity}:${version}:${hash}`, version };
  }

  /**
   * @param times told of nothing where the answer is known or somebody else asks for it
   * @throws as `ServedModel.predict`
   */
  async predict(
    key: CacheKey,
    model: ServedModel,
    image: Uint8Array,
    call: Call,
    times: StageTimes,
  ): Promise<Classification> {
    const known = this.answers.get(key.text);
    if (known !== undefined || this.flights.has(key.text)) this.hitCount++;
    else this.missCount++;
    return (
      known ?? this.flights.run(key.text, call, () => this.ask(key, model, image, call, times))
    );
  }

  private async ask(
    key: CacheKey,
    model: ServedModel,
    image: Uint8Array,
    call: Call,
    times: StageTimes,
  ): Promise<Classification> {
    const answer = await model.predict(image, call, times);
    // Another version may have taken over meanwhile; its answer is right, but not under this key.
    if (answer.version === key.version) this.answers.set(key.text, answer);
    return answer;
  }
}

async function hashOf(image: Uint8Array): Promise<string> {
  if (image.length > HASH_HERE_BYTES) {
    // Not of memory that is shared.
    const own = image.buffer instanceof SharedArrayBuffer ? new Uint8Array(image) : image;
    return Buffer.from(await subtle.digest('SHA-256', own)).toString('base64url');
  }
  return createHash('sha256').update(image).digest('base64url');
}
