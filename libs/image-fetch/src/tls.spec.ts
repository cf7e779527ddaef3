import type { TLSSocket } from 'node:tls';
import { selfSigned, type Certificate } from '../test/certificate.js';
import { withEnvironment } from '../test/environment.js';
import { closeFetchers, failure, fetcher } from '../test/fetching.js';
import { loopbackNetwork, type RecordedNetwork } from '../test/networks.js';
import { closeOrigins, httpOrigin, httpsOrigin, tcpOrigin, type Origin } from '../test/origin.js';
import { ImageSourceFailedError } from './errors.js';

afterEach(async () => {
  await closeFetchers();
  await closeOrigins();
});

const NAMES = { 'images.test': ['127.0.0.1'], 'other.test': ['127.0.0.1'] };
const certificate = selfSigned({ names: ['images.test'], addresses: ['127.0.0.1'] });
const trusting = (): RecordedNetwork => loopbackNetwork(NAMES, certificate.cert);

function origin(presented: Certificate, onServername?: (name: unknown) => void): Promise<Origin> {
  return httpsOrigin(presented, (request, response) => {
    onServername?.((request.socket as TLSSocket).servername);
    response.end('image');
  });
}

async function expectUntrusted(fetched: Promise<Buffer>): Promise<void> {
  const error = await failure(fetched);
  expect(error).toBeInstanceOf(ImageSourceFailedError);
  expect((error as ImageSourceFailedError).publicMessage).toMatch(/^No secure connection/);
}

describe('TLS', () => {
  it("names the link's host to the server, not the address, and checks the certificate for it", async () => {
    const names: unknown[] = [];
    const { port } = await origin(certificate, (name) => names.push(name));
    const network = trusting();
    const images = fetcher({ network });
    expect((await images.fetch(`https://images.test:${port}/`)).toString()).toBe('image');
    await images.fetch(`https://IMAGES.test.:${port}/`);
    expect(names).toEqual(['images.test', 'images.test']);
    expect(network.connections).toEqual([`127.0.0.1 ${port}`]);
  });

  it('accepts a link by address that the certificate names, without a server name', async () => {
    const names: unknown[] = [];
    const { url } = await origin(certificate, (name) => names.push(name));
    await fetcher({ network: trusting() }).fetch(url);
    expect(names).toEqual([false]);
  });

  it('refuses a certificate for another name, though the address is the same', async () => {
    const { port } = await origin(certificate);
    await expectUntrusted(fetcher({ network: trusting() }).fetch(`https://other.test:${port}/`));
  });

  it('refuses a link by address that the certificate does not name', async () => {
    const named = selfSigned({ names: ['images.test'] });
    const { url } = await origin(named);
    const network = loopbackNetwork(NAMES, named.cert);
    await expectUntrusted(fetcher({ network }).fetch(url));
  });

  it('refuses a certificate that nobody trusted has signed', async () => {
    const { port } = await origin(certificate);
    const network = loopbackNetwork(NAMES);
    await expectUntrusted(fetcher({ network }).fetch(`https://images.test:${port}/`));
  });

  it('refuses a certificate that has expired', async () => {
    const expired = selfSigned({
      names: ['images.test'],
      notAfter: new Date(Date.now() - 86_400_000),
    });
    const { port } = await origin(expired);
    const network = loopbackNetwork(NAMES, expired.cert);
    await expectUntrusted(fetcher({ network }).fetch(`https://images.test:${port}/`));
  });

  it('verifies even where the environment says not to', async () => {
    const { port } = await origin(certificate);
    const network = loopbackNetwork(NAMES);
    await withEnvironment({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, () =>
      expectUntrusted(fetcher({ network }).fetch(`https://images.test:${port}/`)),
    );
  });

  it('is not given up for a server that speaks plain HTTP', async () => {
    const { port } = await httpOrigin((_, response) => response.end('image'));
    await expectUntrusted(fetcher().fetch(`https://127.0.0.1:${port}/`));
  });

  it('that the server breaks off is a failure of the source', async () => {
    const { port } = await tcpOrigin((socket) => socket.once('data', () => socket.end()));
    await expectUntrusted(fetcher().fetch(`https://127.0.0.1:${port}/`));
  });

  it('keeps its connections for the next link', async () => {
    const { port, connections } = await origin(certificate);
    const images = fetcher({ network: trusting() });
    for (let i = 0; i < 3; i++) await images.fetch(`https://images.test:${port}/${i}`);
    expect(connections).toHaveLength(1);
  });

  it('does not lend its connections to plain links, nor theirs to it', async () => {
    const { port, connections } = await origin(certificate);
    const images = fetcher({ network: trusting() });
    await images.fetch(`https://images.test:${port}/`);
    await failure(images.fetch(`http://images.test:${port}/`));
    expect(connections).toHaveLength(2);
  });

  it('is left and entered by redirects', async () => {
    const plain = await httpOrigin((request, response) => {
      const location = `https://images.test:${tls.port}/end`;
      if (request.url === '/start') response.writeHead(302, { Location: location });
      response.end('image');
    });
    const tls = await httpsOrigin(certificate, (_, response) => {
      response.writeHead(302, { Location: `http://images.test:${plain.port}/` }).end();
    });
    const images = fetcher({ network: trusting() });
    const link = `http://images.test:${plain.port}/start`;
    expect((await images.fetch(link)).toString()).toBe('image');
  });
});
