import { createServingClient, type CallOptions, type ServingClient } from '#serving-client';
import { serverError } from './server-error.js';

/**
 * Calls a TensorFlow Serving, or a server with its API, within a time for all calls together.
 *
 * @throws ServerError that says what the server could not or would not do
 */
export async function withServingClient<T>(
  { host, model }: { readonly host: string; readonly model: string },
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
  work: (client: ServingClient, call: CallOptions) => Promise<T>,
): Promise<T> {
  const client = createServingClient({ host });
  try {
    return await work(client, { deadline: new Date(Date.now() + timeoutMs), signal });
  } catch (error) {
    throw serverError(error, host, model);
  } finally {
    client.close();
  }
}
