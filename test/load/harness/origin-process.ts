import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

process.once('message', serve);
process.once('disconnect', () => process.exit());

function serve(pictures: ReadonlyMap<string, Uint8Array>): void {
  const server = createServer((request, response) => {
    const picture = pictures.get(decodeURIComponent(request.url!.slice(1)));
    if (picture) {
      response.setHeader('content-type', 'application/octet-stream');
      response.setHeader('content-length', picture.byteLength);
    } else {
      response.statusCode = 404;
    }
    response.end(picture);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
}
