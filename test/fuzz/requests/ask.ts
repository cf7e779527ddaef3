import { Agent, request as startRequest } from 'node:http';
import { connect } from 'node:net';
import { checkAnswer, type Answer } from '../check-answer.js';
import { Fault } from '../fault.js';
import { within } from '../within.js';
import type { HttpRequest } from './http-request.js';

const agent = new Agent({ keepAlive: true });

/** More than any body here may be long: refused at once, and the connection closed. */
const TOO_MANY_BYTES = 1 << 20;

/**
 * What the gateway answers; undefined where it closed the connection before a body that is too long was
 * sent, so that the refusal was not read.
 */
export async function ask(url: string, request: HttpRequest): Promise<Answer | undefined> {
  try {
    return await within(send(url, request));
  } catch (error) {
    if (error instanceof Fault) throw error;
    // A connection that was kept may be closed by its other end at any time.
    const fresh = new Agent({ keepAlive: true });
    try {
      return await within(send(url, request, fresh));
    } catch (again) {
      if (request.body.length > TOO_MANY_BYTES) return undefined;
      throw again instanceof Fault ? again : new Fault(`no answer: ${String(again)}`);
    } finally {
      fresh.destroy();
    }
  }
}

function send(url: string, { path, headers, body }: HttpRequest, by = agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = startRequest(
      new URL(url),
      {
        method: 'POST',
        path,
        agent: by,
        headers: { ...headers, 'content-length': body.length },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () => {
          const { statusCode: status = 0, headers: received } = response;
          resolve({ status, headers: received, body: Buffer.concat(chunks) });
        });
        response.once('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/**
 * Sends bytes and their end over a connection of their own.
 *
 * @returns the statuses that came back; none where the connection was closed without an answer
 * @throws Fault where a status is not one of a request at fault
 */
export async function askRaw(port: number, bytes: Uint8Array): Promise<string> {
  const received = await within(exchange(port, bytes));
  const heads = received.toString('latin1').split(/^(?=HTTP\/1\.1 \d{3} )/m);
  for (const answer of heads.filter((head) => head.startsWith('HTTP/1.1 4'))) {
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    const headers = Object.fromEntries(
      head
        .split('\r\n')
        .slice(1)
        .map((line) => {
          const [name = '', value = ''] = line.split(/: ?(.*)/);
          return [name.toLowerCase(), value];
        }),
    );
    // The answer to HEAD has none.
    if (body !== '')
      checkAnswer({ status: Number(head.slice(9, 12)), headers, body: bodyOf(body, headers) });
  }
  const statuses = [...new Set(received.toString('latin1').match(/^HTTP\/1\.1 \d{3}/gm) ?? [])];
  const own = statuses.find((status) => / 5/.test(status));
  if (own !== undefined) throw new Fault(`${own} to a request at fault`);
  return statuses.length === 0 ? 'closed' : 'answered';
}

function bodyOf(text: string, headers: Record<string, string>): Buffer {
  return Buffer.from(text, 'latin1').subarray(0, Number(headers['content-length']));
}

/** All that comes back until the other end closes, or nothing has come for so long. */
export function exchange(port: number, bytes: Uint8Array, idleMs = 0): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.setTimeout(idleMs, () => socket.destroy());
    socket.once('close', () => {
      resolve(Buffer.concat(chunks));
    });
    socket.end(bytes);
  });
}
