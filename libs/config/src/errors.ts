/** sysexits.h's EX_CONFIG: an orchestrator's operator sees at once that a restart will not help. */
export const EXIT_CONFIG = 78;

/** Every fault of the environment, found in one go. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`Invalid configuration:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = new.target.name;
  }
}
