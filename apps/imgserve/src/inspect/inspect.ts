import type { Context, Report } from '../frame/command.js';
import { readModel } from '../model-file/read-model.js';
import { isGrpcAddress } from '../served/grpc-address.js';
import { fileText } from './file-text.js';
import { servedText } from './served-text.js';

/** `imgserve inspect MODEL`. */
export async function inspect(
  [model]: [model: string],
  { timeout }: { readonly timeout: number },
  { signal, progress }: Context,
): Promise<Report> {
  progress.tell(`reading ${model}`);
  if (!isGrpcAddress(model)) {
    const info = readModel(model);
    return { json: info, text: (style) => fileText(info, style) };
  }
  // It brings a gRPC client along, which files do not need.
  const { inspectServed } = await import('./inspect-served.js');
  const info = await inspectServed(model, { timeoutMs: timeout, signal });
  return { json: info, text: (style) => servedText(info, style) };
}
