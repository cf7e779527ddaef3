import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { InvalidRequestError } from '../errors/errors.js';
import { PROBLEM_TYPE, toProblem } from '../errors/problem.js';
import { requestIdOf } from './request-id.js';

/** What Node's HTTP parser refuses never becomes a request, so it is answered on the socket. */
export function answerUnparsable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, headers, body } = notHttp(error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
}

/** In its turn, after what is asked before it over its connection. */
export function answerForeign(response: ServerResponse): void {
  const { status, headers, body } = notHttp(400);
  response.writeHead(status, headers).end(body);
}

function notHttp(status: number): {
  status: number;
  headers: Record<string, string>;
  body: string;
} {
  const problem = {
    ...toProblem(new InvalidRequestError('The request is not valid HTTP.'), ''),
    status,
    title: STATUS_CODES[status],
    requestId: requestIdOf({ headers: {} }),
  };
  const body = JSON.stringify(problem);
  const headers = {
    'Content-Type': PROBLEM_TYPE,
    'X-Request-Id': problem.requestId,
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  return { status, headers, body };
}
