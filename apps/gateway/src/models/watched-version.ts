import { DomainError } from '#errors';
import type { Call } from '../http/call.js';
import type { ServedModel } from './served-model.js';

const BUSY_CODES = ['DEADLINE_EXCEEDED', 'OVERLOADED'];

/** Says that the backend has more to do than it can, and nothing of the model. */
export function isBusy(error: unknown): boolean {
  return error instanceof DomainError && BUSY_CODES.includes(error.code);
}

/** A version that the configuration names, and what the last check found of it. */
export class WatchedVersion {
  private fit = false;
  private found: string | undefined;

  /** @param name for whoever reads what is amiss, such as `label canary` */
  constructor(
    readonly name: string,
    readonly model: ServedModel,
  ) {}

  /** Whether it can be sent requests. */
  get isFit(): boolean {
    return this.fit;
  }

  /** The version that the last check found; undefined before the first that was good. */
  get version(): string | undefined {
    return this.found;
  }

  /** @throws as `ServedModel.check` */
  async check(call: Call): Promise<string> {
    try {
      this.found = await this.model.check(call);
      this.fit = true;
      return this.found;
    } catch (error) {
      this.fit &&= isBusy(error);
      throw error;
    }
  }
}
