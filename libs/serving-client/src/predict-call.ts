import type { Tensor } from '#tensor';

/** A servable; without version and label the latest version. A version goes before a label. */
export interface ModelRef {
  name: string;
  /** Decimal: versions are 64-bit. */
  version?: string;
  versionLabel?: string;
}

export interface PredictCall {
  model: ModelRef;
  /** Empty: `serving_default`. */
  signatureName: string;
  /** By input alias. */
  inputs: Record<string, Tensor>;
  /** Output aliases to answer; all where left out or empty. */
  outputFilter?: string[];
}

/** A dense input of a fixed shape. */
export interface DraftInput {
  alias: string;
  dtype: 'DT_FLOAT' | 'DT_UINT8';
  shape: readonly number[];
}

/** A `PredictCall` of one dense input, whose elements come with each draft. */
export interface TemplateCall extends Omit<PredictCall, 'inputs'> {
  input: DraftInput;
}
