import { closeFetchers, failure, fetcher } from '../test/fetching.js';
import { deadNetwork, diverted } from '../test/networks.js';
import { closeOrigins, httpOrigin } from '../test/origin.js';
import { ForbiddenLinkError } from './errors.js';

afterEach(async () => {
  await closeFetchers();
  await closeOrigins();
});

/** What names stand for on the stubbed network; nothing here can reach another machine. */
const NAMES = {
  localhost: ['127.0.0.1', '::1'],
  'localhost.': ['127.0.0.1'],
  'metadata.google.internal': ['169.254.169.254'],
  'kubernetes.default.svc': ['10.96.0.1'],
  'loopback.test': ['127.0.0.1'],
  'mapped.test': ['::ffff:169.254.169.254'],
  'nat64.test': ['64:ff9b::a9fe:a9fe'],
  'mixed.test': ['93.184.216.34', '10.0.0.1'],
  'mixed-families.test': ['93.184.216.34', '::1'],
  'zoned.test': ['fe80::1%eth0'],
  'nonsense.test': ['not an address'],
  'any.test': ['0.0.0.0'],
};

const FORBIDDEN = [
  'http://127.0.0.1/',
  'http://127.0.0.1:6379/',
  'https://127.0.0.1/',
  'http://127.1/',
  'http://127.0.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0x7f.1/',
  'http://0X7F.0.0.1/',
  'http://017700000001/',
  'http://0177.0.0.1/',
  'http://00000177.0x0.0.1/',
  'http://127.0.0.1./',
  'http://127.000.000.001/',
  'http://%31%32%37%2e%30%2e%30%2e%31/',
  'http://１２７.０.０.１/',
  'http://127。0。0。1/',
  'http://①②⑦.0.0.1/',
  'http://1２７.0.0.1/',
  'http:127.0.0.1/',
  'http:/127.0.0.1/',
  'http:\\\\127.0.0.1\\',
  'http:///127.0.0.1/',
  'ht\ntp://127.0.0.1/',
  ' http://127.0.0.1/ ',
  'http://127.0.0.1#@example.com/',
  'http://127.0.0.1\\@example.com/',
  'http://0/',
  'http://0.0.0.0/',
  'http://0.0.0.0:80/',
  'http://10.0.0.1/',
  'http://10.1/',
  'http://012.0.0.1/',
  'http://167772161/',
  'http://100.64.0.1/',
  'http://100.100.100.200/latest/meta-data/',
  'http://168.63.129.16/',
  'http://169.254.169.254/latest/meta-data/',
  'http://169.254.43518/',
  'http://0xa9fea9fe/',
  'http://2852039166/',
  'http://0251.0376.0251.0376/',
  'http://172.16.0.1/',
  'http://172.31.255.255/',
  'http://192.0.0.192/',
  'http://192.0.2.1/',
  'http://192.88.99.1/',
  'http://192.168.0.1/',
  'http://198.18.0.1/',
  'http://198.51.100.1/',
  'http://203.0.113.1/',
  'http://224.0.0.1/',
  'http://240.0.0.1/',
  'http://255.255.255.255/',
  'http://4294967295/',
  'http://[::]/',
  'http://[::1]/',
  'http://[0:0:0:0:0:0:0:1]/',
  'http://[::1]:6379/',
  'http://[::127.0.0.1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[0:0:0:0:0:ffff:127.0.0.1]/',
  'http://[::ffff:169.254.169.254]/',
  'http://[::ffff:8.8.8.8]/',
  'http://[::ffff:0:127.0.0.1]/',
  'http://[64:ff9b::127.0.0.1]/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://[64:ff9b:1::a9fe:a9fe]/',
  'http://[2002:7f00:1::]/',
  'http://[2002:a9fe:a9fe::]/',
  'http://[2001:0:7f00:1::]/',
  'http://[2a00:1450::5efe:127.0.0.1]/',
  'http://[2001:db8::1]/',
  'http://[3fff::1]/',
  'http://[5f00::1]/',
  'http://[100::1]/',
  'http://[fc00::1]/',
  'http://[fd00:ec2::254]/',
  'http://[fe80::1]/',
  'http://[fec0::1]/',
  'http://[ff02::1]/',
  'http://[4000::1]/',
  'http://localhost/',
  'http://LOCALHOST/',
  'http://localhost./',
  'http://localhost../',
  'http://ｌｏｃａｌｈｏｓｔ/',
  'http://loc%61lhost/',
  'http://ⓛocalhost/',
  'http://metadata.google.internal/computeMetadata/v1/',
  'http://kubernetes.default.svc/',
  'http://loopback.test/',
  'http://mapped.test/',
  'http://nat64.test/',
  'http://mixed.test/',
  'http://mixed-families.test/',
  'http://zoned.test/',
  'http://nonsense.test/',
  'http://any.test/',
  'file:///etc/passwd',
  'data:image/png;base64,AAAA',
  'ftp://example.com/',
  'gopher://127.0.0.1:6379/_x',
  'ws://example.com/',
  'unix:/var/run/docker.sock',
  'jar:http://example.com!/',
  'dict://127.0.0.1:11211/',
];

const INVALID = [
  'http://user@127.0.0.1/',
  'http://user:secret@example.com/',
  'http://example.com@127.0.0.1/',
  'http://[fe80::1%25eth0]/',
  'http://[::1%lo]/',
  'http://1.2.3.256/',
  'http://0x100000000/',
  'http://127.0.0.1.1/',
  'http://',
  '//127.0.0.1/',
  '127.0.0.1',
  'http://[127.0.0.1]/',
  'http://127.0.0.1:99999/',
  'http://./',
];

describe('a forbidden link', () => {
  it.each(FORBIDDEN)('%s is refused without a connection', async (link) => {
    const network = deadNetwork(NAMES);
    const error = await failure(fetcher({ allow: '', network }).fetch(link));
    expect(error).toBeInstanceOf(ForbiddenLinkError);
    expect(network.connections).toEqual([]);
  });

  it.each(FORBIDDEN.filter((link) => /^\w+:/.test(link) && !/^http:\/?1/.test(link)))(
    '%s is refused without a connection after a redirect',
    async (link) => {
      const origin = await httpOrigin((_, response) => {
        const location = Buffer.from(link.replace('\n', '')).toString('latin1');
        response.writeHead(302, { Location: location }).end();
      });
      const network = diverted({ ...NAMES, 'images.test': ['93.184.216.34'] });
      const images = fetcher({ allow: '', network });
      const error = await failure(images.fetch(`http://images.test:${origin.port}/`));
      expect(error).toBeInstanceOf(ForbiddenLinkError);
      expect(network.connections).toEqual([`93.184.216.34 ${origin.port}`]);
    },
  );

  it('gets the same words whatever is there', async () => {
    const listening = await httpOrigin((_, response) => response.end('secret'));
    const network = deadNetwork(NAMES);
    const images = fetcher({ allow: '', network });
    const links = [...FORBIDDEN, listening.url, `http://loopback.test:${listening.port}/`];
    const errors = await Promise.all(links.map((link) => failure(images.fetch(link))));
    const words = errors.map((error) => {
      const { code, publicMessage, message, cause, name } = error as ForbiddenLinkError;
      return JSON.stringify({ code, publicMessage, message, cause, name });
    });
    expect(new Set(words).size).toBe(1);
    expect(listening.connections).toEqual([]);
  });
});

describe('an invalid link', () => {
  it.each(INVALID)('%s is refused without a lookup or a connection', async (link) => {
    const network = deadNetwork(NAMES);
    const error = await failure(fetcher({ allow: '', network }).fetch(link));
    expect(error).toMatchObject({ code: 'INVALID_REQUEST' });
    expect([...network.lookups, ...network.connections]).toEqual([]);
  });
});

describe('a name that changes its address', () => {
  it('is looked up once, and the connection goes to the address that was checked', async () => {
    const network = deadNetwork();
    const answers = [['93.184.216.34'], ['127.0.0.1']];
    network.lookup = (host) => {
      network.lookups.push(host);
      return Promise.resolve(answers.shift()!);
    };
    await failure(fetcher({ allow: '', network }).fetch('http://rebind.test/'));
    expect(network.lookups).toEqual(['rebind.test']);
    expect(network.connections).toEqual(['93.184.216.34 80']);
  });

  it('is refused when a redirect to the same name finds it inside', async () => {
    const origin = await httpOrigin((_, response) => {
      response.writeHead(302, { Location: '/again', Connection: 'close' }).end();
    });
    const answers = [['93.184.216.34'], ['127.0.0.1']];
    const network = diverted({});
    network.lookup = () => Promise.resolve(answers.shift()!);
    const images = fetcher({ allow: '', network });
    expect(await failure(images.fetch(`http://rebind.test:${origin.port}/`))).toBeInstanceOf(
      ForbiddenLinkError,
    );
    expect(network.connections).toEqual([`93.184.216.34 ${origin.port}`]);
  });
});

describe('the allow list', () => {
  it.each([
    { allow: '10.0.0.0/8', link: 'http://10.1.2.3/', connects: true },
    { allow: '10.0.0.0/8', link: 'http://127.0.0.1/', connects: false },
    { allow: '10.0.0.0/8:9000', link: 'http://10.1.2.3:9000/', connects: true },
    { allow: '10.0.0.0/8:9000', link: 'http://10.1.2.3/', connects: false },
    { allow: '127.0.0.1', link: 'http://loopback.test/', connects: true },
    { allow: 'loopback.test', link: 'http://LOOPBACK.test./', connects: true },
    { allow: 'loopback.test:8080', link: 'http://loopback.test/', connects: false },
    { allow: 'loopback.test', link: 'http://127.0.0.1/', connects: false },
    { allow: 'loopback.test', link: 'http://kubernetes.default.svc/', connects: false },
    { allow: '127.0.0.1', link: 'http://localhost/', connects: false },
    { allow: '127.0.0.1 [::1]:80', link: 'http://localhost/', connects: true },
    { allow: '10.0.0.1', link: 'http://mixed.test/', connects: true },
    { allow: '127.0.0.0/8', link: 'http://[::ffff:127.0.0.1]/', connects: false },
    { allow: '169.254.169.254', link: 'http://[64:ff9b::a9fe:a9fe]/', connects: false },
    { allow: '0.0.0.0/0 ::/0', link: 'file:///etc/passwd', connects: false },
  ])('"$allow" with $link connects: $connects', async ({ allow, link, connects }) => {
    const network = deadNetwork(NAMES);
    const error = await failure(fetcher({ allow, network }).fetch(link));
    expect(error).toMatchObject({ code: connects ? 'IMAGE_SOURCE_FAILED' : 'URL_FORBIDDEN' });
    expect(network.connections.length > 0).toBe(connects);
  });
});

describe('a public link', () => {
  it.each([
    'http://8.8.8.8/',
    'https://8.8.8.8:8443/',
    'http://[2606:4700:4700::1111]/',
    'http://134744072/',
    'http://8.8.8.8:22/',
  ])('%s is let through, on any port', async (link) => {
    const network = deadNetwork();
    const error = await failure(fetcher({ allow: '', network }).fetch(link));
    expect(error).toMatchObject({ code: 'IMAGE_SOURCE_FAILED' });
    expect(network.connections).toHaveLength(1);
  });
});
