import { GatewayClient, GatewayError, type ClassScore, type ImageInput } from '#client';
import { ServerError } from '../frame/index.js';
import type { Input } from './inputs.js';

export interface AskOptions {
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly model: string | undefined;
  readonly top: number;
  /** For one image, waits that the gateway asks for included. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What is known of one image in the end. */
export type Answer =
  | {
      readonly image: string;
      readonly best: readonly ClassScore[];
      readonly version: string | undefined;
    }
  | {
      readonly image: string;
      readonly problem: { readonly code: string; readonly detail: string };
    };

/** As often as it says, until the time is over. */
const RETRIES = Number.MAX_SAFE_INTEGER;

/** Hints for what no other image would fare better with. */
const HOPELESS: Partial<Record<string, string>> = {
  UNAUTHENTICATED: 'Give a key with --api-key-file.',
  MODEL_NOT_FOUND: 'See the names of its models: GET /v1/models.',
  NOT_FOUND: 'Expected the address of a gateway: --url.',
  UNEXPECTED_ANSWER: 'Something else answers there; expected the address of a gateway: --url.',
};

/** Asks one gateway about images. */
export class Asker {
  private readonly client: GatewayClient;

  /** @throws ServerError where the address is none */
  constructor(private readonly options: AskOptions) {
    const { url, apiKey, timeoutMs } = options;
    const key = apiKey === undefined ? {} : { apiKey };
    try {
      this.client = new GatewayClient({ url, ...key, timeoutMs, retries: RETRIES });
    } catch (error) {
      throw new ServerError(`${url}: expected an address, http://host:port`, { cause: error });
    }
  }

  /** @throws ServerError where nothing answers */
  async expectLive(): Promise<void> {
    const { url, signal } = this.options;
    if (await this.client.isLive({ signal, timeoutMs: 10_000 })) return;
    throw new ServerError(`${url}: no gateway answers there`, {
      hint: 'Start one with `npm start`, or name another with --url.',
    });
  }

  /** @throws ServerError where no other image would be answered either; the signal's reason */
  async ask({ name: image, read }: Input): Promise<Answer> {
    const { model, top, signal } = this.options;
    const choice = model === undefined ? {} : { model };
    let input: ImageInput;
    try {
      input = await read();
    } catch (error) {
      return { image, problem: { code: 'UNREADABLE', detail: (error as Error).message } };
    }
    try {
      const { best, modelVersion } = await this.client.predict(input, { ...choice, top, signal });
      return { image, best, version: modelVersion };
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      const { code, detail } = error;
      const hint = HOPELESS[code];
      if (hint !== undefined) throw new ServerError(`${code}: ${detail}`, { hint, cause: error });
      if (code === 'UNREACHABLE') await this.expectLive();
      return { image, problem: { code, detail } };
    }
  }
}
