/**
 * Which version of a model a request means, at most one of the first two; left out, the version that
 * answers by default.
 */
export interface VersionChoice {
  /** Decimal, of at most 64 bits. */
  readonly version?: string;
  readonly versionLabel?: string;
  /** Left out: the spec's. */
  readonly signatureName?: string;
}

/** Equal for choices that mean the same. */
export function keyOf({ version, versionLabel, signatureName }: VersionChoice): string {
  return JSON.stringify([version, versionLabel, signatureName]);
}

/** Whether the request leaves everything to the configuration. */
export function isDefault({ version, versionLabel, signatureName }: VersionChoice): boolean {
  return version === undefined && versionLabel === undefined && signatureName === undefined;
}
