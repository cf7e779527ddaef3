// The smallest app on the gateway's rails: probes, and a drain that fails no request. Node alone, no packages.
import { createServer } from 'node:http';

const port = Number(process.env.PORT || 9696);
/** From SIGTERM on: the time in which the Service stops sending. */
const shutdownDelayMs = Number(process.env.SHUTDOWN_DELAY_MS || 5000);
let draining = false;

const routes = {
  '/ping': () => [200, 'PONG'],
  // Live while it answers, also while it drains: a restart would help with nothing.
  '/livez': () => [200, 'ok'],
  '/readyz': () => (draining ? [503, 'draining'] : [200, 'ok']),
};

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://ping');
  const [status, text] = routes[pathname]?.() ?? [404, 'not found'];
  // A connection kept open would be closed under the client's next request.
  if (draining) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
});

server.listen(port, () => console.log(`listening on ${port}`));

process.on('SIGTERM', () => {
  if (draining) return;
  draining = true;
  console.log('draining');
  setTimeout(() => server.close(() => process.exit(0)), shutdownDelayMs);
});
