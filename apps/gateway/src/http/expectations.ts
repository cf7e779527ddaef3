import type { Server } from 'node:http';

/**
 * Takes a request whose `Expect` is another than 100-continue as if it had none, as RFC 9110,
 * section 10.1.1, allows: Node would answer 417 by itself, without a problem and without an id.
 */
export function ignoreExpectations(server: Server): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}
