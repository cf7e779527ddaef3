import { SignatureMismatchError, GoldenMismatchError } from '#model-spec';
import { ModelNotReadyError } from '../errors/errors.js';
import type { Call } from '../http/call.js';
import { SingleFlight } from '../http/single-flight.js';

/** What was refused is not looked at again for each request that comes. */
const REFUSAL_MS = 1000;

/**
 * Lets answers through of versions that were found fit. Another version may serve from one call to the
 * next, before any check has seen it: its answers wait until it is checked, and are given only then.
 */
export class Admission {
  /** Those before the one in service too: their last answers may still be on their way. */
  private readonly admitted = new Set<string>();
  private latest: string | undefined;
  private refusedUntil = -Infinity;
  private refused: string | undefined;
  private readonly checks = new SingleFlight<string>();

  /** @param check finds the version in service, and that it is fit */
  constructor(private readonly check: (call: Call) => Promise<string>) {}

  /** The version that was found fit last. */
  get version(): string | undefined {
    return this.latest;
  }

  /** Takes note that a version is fit. */
  admit(version: string): void {
    this.latest = version;
    this.admitted.add(version);
  }

  /** Whether answers of this version may be given. */
  has(version: string): boolean {
    return this.admitted.has(version);
  }

  /** Nothing is known any more, as after an outage: what comes back under a number may be another. */
  forget(): void {
    this.latest = undefined;
    this.admitted.clear();
  }

  /**
   * Settles once the version is known to be fit.
   *
   * @throws ModelNotReadyError where it is not; DomainErrors of the serving client
   */
  async expect(version: string, call: Call): Promise<void> {
    if (this.has(version)) return;
    if (version === this.refused && performance.now() < this.refusedUntil) {
      throw new ModelNotReadyError();
    }
    try {
      await this.checks.run('', call, () => this.check(call));
    } catch (error) {
      if (!isUnfit(error)) throw error;
      this.refused = version;
      this.refusedUntil = performance.now() + REFUSAL_MS;
      throw new ModelNotReadyError({ cause: error });
    }
    // The one in service may be another by now; an answer of neither is given.
    if (!this.has(version)) throw new ModelNotReadyError();
  }

  /**
   * Whether another version is in service, and fit, than was when a call failed.
   *
   * @throws ModelNotReadyError where it is not fit
   */
  async hasChanged(before: string | undefined, call: Call): Promise<boolean> {
    try {
      return (await this.checks.run('', call, () => this.check(call))) !== before;
    } catch (error) {
      if (isUnfit(error)) throw new ModelNotReadyError({ cause: error });
      return false;
    }
  }
}

function isUnfit(error: unknown): boolean {
  return error instanceof GoldenMismatchError || error instanceof SignatureMismatchError;
}
