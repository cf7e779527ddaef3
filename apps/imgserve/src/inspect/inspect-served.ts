import type { SignatureInfo } from '../model-file/model-info.js';
import { parseGrpcAddress } from '../served/grpc-address.js';
import { withServingClient } from '../served/with-client.js';
import type { Signature } from '#serving-client';

/** What a server says of a model. */
export interface ServedInfo {
  readonly format: 'grpc';
  readonly address: string;
  readonly model: string;
  /** The one whose signatures these are; null where none is available. */
  readonly version: string | null;
  readonly versions: readonly {
    readonly version: string;
    readonly state: string;
    /** Why it did not load. */
    readonly error?: string;
  }[];
  readonly signatures: Readonly<Record<string, Omit<SignatureInfo, 'last_ops'>>>;
}

/**
 * Asks a server for a model's versions and signatures.
 *
 * @throws UsageError for another address than `grpc://…`, ServerError
 */
export async function inspectServed(
  address: string,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<ServedInfo> {
  const { host, model, version } = parseGrpcAddress(address);
  const ref = { name: model, version };
  return withServingClient({ host, model }, options, async (client, call) => {
    const versions = await client.getModelStatus(ref, call);
    const isServed = versions.some(({ state }) => state === 'AVAILABLE');
    const found = isServed ? await client.getSignatures(ref, call) : undefined;
    const signatures = Object.entries(found?.signatures ?? {});
    return {
      format: 'grpc',
      address: host,
      model,
      version: found?.version ?? null,
      versions: versions.map(({ version, state, errorMessage }) => ({
        version,
        state,
        ...(errorMessage === '' ? {} : { error: errorMessage }),
      })),
      signatures: Object.fromEntries(signatures.map(([name, value]) => [name, infoOf(value)])),
    };
  });
}

function infoOf({ inputs, outputs, methodName }: Signature): Omit<SignatureInfo, 'last_ops'> {
  return {
    ...(methodName === '' ? {} : { method_name: methodName }),
    inputs: tensorsOf(inputs),
    outputs: tensorsOf(outputs),
  };
}

function tensorsOf(tensors: Signature['inputs']): SignatureInfo['inputs'] {
  return Object.fromEntries(
    Object.entries(tensors).map(([alias, { dtype, shape, tensorName }]) => [
      alias,
      { dtype, shape: shape ?? null, ...(tensorName === '' ? {} : { name: tensorName }) },
    ]),
  );
}
