import { readFile } from 'node:fs/promises';
import { projectPath } from '#project';

const picture = await readFile(projectPath('models', 'clothing-model', 'samples', 'pants.jpg'));

const TIMEOUT_MS = 30_000;

export async function predict(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${url}/predict?top=1`, {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg', ...headers },
    body: picture,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** undefined where the picture was answered as what it shows. */
export async function faultOf(
  url: string,
  headers?: Record<string, string>,
): Promise<string | undefined> {
  try {
    const { status, body } = await predict(url, headers);
    return status === 200 && 'pants' in body ? undefined : `${status} ${JSON.stringify(body)}`;
  } catch (error) {
    const { message, cause } = error as Error;
    return `${message}: ${String(cause)}`;
  }
}
