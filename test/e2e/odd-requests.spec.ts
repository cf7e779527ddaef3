import { connect } from 'node:net';
import { startStack, type Stack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(() => stack.close());

/** What comes back for these bytes, until the gateway closes. */
function send(...lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(stack.url).port), '127.0.0.1');
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.once('error', reject).once('close', () => {
      resolve(received);
    });
    socket.end(lines.map((line) => `${line}\r\n`).join(''));
  });
}

describe('a request as no client makes it', () => {
  it.each([
    {
      name: 'of what is no address',
      lines: ['GET * HTTP/1.1', 'Host: a', ''],
      status: 404,
      code: 'NOT_FOUND',
    },
    {
      name: 'with a whole address as its target',
      lines: ['GET http://a/nothing HTTP/1.1', 'Host: a', ''],
      status: 404,
      code: 'NOT_FOUND',
    },
    {
      name: 'that expects what nobody knows',
      lines: ['GET /nothing HTTP/1.1', 'Host: a', 'Expect: a-miracle', ''],
      status: 404,
      code: 'NOT_FOUND',
    },
    {
      name: 'that names no host',
      lines: ['GET /livez HTTP/1.1', ''],
      status: 400,
      code: 'INVALID_REQUEST',
    },
    {
      name: 'of a method that HTTP does not have',
      lines: ['PRI /predict', 'Host: a', ''],
      status: 400,
      code: 'INVALID_REQUEST',
    },
    {
      name: 'that is not HTTP',
      lines: ['HELO a', ''],
      status: 400,
      code: 'INVALID_REQUEST',
    },
    {
      name: 'whose body and length contradict',
      lines: [
        'POST /predict HTTP/1.1',
        'Host: a',
        'Content-Length: 1',
        'Transfer-Encoding: chunked',
        '',
      ],
      status: 400,
      code: 'INVALID_REQUEST',
    },
    {
      name: 'of too long a head',
      lines: ['GET / HTTP/1.1', `X: ${'x'.repeat(20_000)}`, ''],
      status: 431,
      code: 'INVALID_REQUEST',
    },
  ])('$name is told so as any other', async ({ lines, status, code }) => {
    const [head = '', body = ''] = (await send(...lines)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/^content-type: application\/problem\+json/im);
    const id = /^x-request-id: (.+)$/im.exec(head)?.[1];
    expect(JSON.parse(body)).toMatchObject({ status, code, requestId: id });
  });

  it('that ends within a form, or within its body, is closed and costs nothing more', async () => {
    const form = 'Content-Type: multipart/form-data; boundary=b';
    await send('POST /predict HTTP/1.1', 'Host: a', form, 'Content-Length: 999', '', '--b');
    expect((await fetch(new URL('/readyz', stack.url))).status).toBe(200);
  });
});
