import { execFileSync } from 'node:child_process';
import { Agent, request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { projectPath } from '#project';
import { eventually } from '../support/eventually.js';
import { killAll, launch, start, urlOf } from '../support/gateway-process.js';
import { gradientPng } from '../support/images.js';

afterEach(killAll);

describe('the gateway as a process', () => {
  it('ends with 78 and names every fault where the environment is wrong', async () => {
    const run = start({ PORT: 'x', TF_SERVING_HOST: 'no-port', MODEL_NAME: 'absent' });
    expect(await run.exited).toBe(78);
    expect(run.output()).toMatch(/PORT: .*\n.*TF_SERVING_HOST: /);
  });

  it('ends with 78 where the file of its API keys is empty, rather than being open', async () => {
    const run = start({ API_KEYS_FILE: '/dev/null' });
    expect(await run.exited).toBe(78);
    expect(run.output()).toContain('API_KEYS_FILE: expected a file that is not empty');
  });

  it('never shows an API key in its log, nor in a fault', async () => {
    const faulty = start({ API_KEYS: 'right-0123456789,0123456789' });
    expect(await faulty.exited).toBe(78);
    expect(faulty.output()).toMatch(/API_KEYS: .*key 2/);

    const run = start({ API_KEYS: 'right-0123456789', LOG_LEVEL: 'trace', SHUTDOWN_DELAY_MS: '0' });
    const url = await urlOf(run);
    const body = await gradientPng();
    for (const key of ['right-0123456789', 'wrong-0123456789']) {
      await statusOf(`${url}predict`, { method: 'POST', headers: { 'x-api-key': key }, body });
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'image/png' };
      await statusOf(`${url}predict`, { method: 'POST', headers, body });
    }
    run.process.kill('SIGTERM');
    await run.exited;
    expect(run.output()).toContain('UNAUTHENTICATED');
    expect(faulty.output() + run.output()).not.toContain('0123456789');
  });

  it('ends with 1 and a line that says why where its port is taken', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '0.0.0.0', resolve));
    const { port } = squatter.address() as AddressInfo;
    const run = start({ PORT: String(port) });
    expect(await run.exited).toBe(1);
    expect(run.output()).toContain('EADDRINUSE');
    squatter.close();
  });

  it('ends with 1 and names METRICS_PORT where that is taken', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '0.0.0.0', resolve));
    const { port } = squatter.address() as AddressInfo;
    const run = start({ METRICS_PORT: String(port) });
    expect(await run.exited).toBe(1);
    expect(run.output()).toMatch(/^METRICS_PORT: cannot listen on .*EADDRINUSE/m);
    squatter.close();
  });

  it('starts its own model server, and says in two lines that it is ready and where', async () => {
    const run = start();
    const url = await urlOf(run);
    expect(run.output().trim().split('\n')).toHaveLength(2);
    expect(await statusOf(`${url}readyz`)).toBe(200);
  });

  it('starts its model server again where that has died', async () => {
    const run = start();
    const url = await urlOf(run);
    const [before] = await childrenOf(run.process.pid!);
    process.kill(before!, 'SIGKILL');
    await eventually(
      () => childrenOf(run.process.pid!),
      ([pid]) => pid !== undefined && pid !== before,
    );
    const png = await gradientPng();
    const agent = new Agent();
    await eventually(
      () => post(`${url}predict`, png, agent),
      (status) => status === 200,
    );
    await eventually(
      () => statusOf(`${url}readyz`),
      (status) => status === 200,
    );
  });

  it('starts with the code of V8 that its build has left, flags and all', () => {
    const program = projectPath('dist/apps/gateway/src/main.cjs');
    const code = `${program}.${process.version}-${process.arch}.cache`;
    const compile = `const { readFileSync } = require('node:fs');
      const [program, code] = process.argv.slice(1);
      const cachedData = readFileSync(code);
      const script = new (require('node:vm').Script)(readFileSync(program, 'latin1'), { cachedData });
      console.log(script.cachedDataRejected);`;
    const isRejected = execFileSync(process.execPath, ['-e', compile, program, code], {
      encoding: 'utf8',
    });
    expect(isRejected).toBe('false\n');
  });

  it('drains under npm start too: npm hands the signal on', async () => {
    const run = launch('npm', ['start'], { SHUTDOWN_DELAY_MS: '1000' });
    const url = await urlOf(run);
    run.process.kill('SIGTERM');
    await eventually(
      () => statusOf(`${url}readyz`),
      (status) => status === 503,
    );
    expect(await run.exited).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('fails no request while it drains, leaves no child behind and ends with 0', async () => {
    const run = start({ SHUTDOWN_DELAY_MS: '4000' });
    const url = await urlOf(run);
    const children = await childrenOf(run.process.pid!);
    const png = await gradientPng();
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    const statuses: (number | string)[] = [];
    let draining = false;

    // Clients behind a balancer, which takes the gateway out once its readiness has gone.
    const client = async (): Promise<void> => {
      while (!draining) statuses.push(await post(`${url}predict`, png, agent));
    };
    const clients = [client(), client(), client(), client()];
    await eventually(
      () => Promise.resolve(statuses.length),
      (count) => count > 20,
    );
    run.process.kill('SIGTERM');
    await eventually(
      () => statusOf(`${url}readyz`),
      (status) => status === 503,
    );
    expect(await statusOf(`${url}livez`)).toBe(200);
    const before = statuses.length;
    await eventually(
      () => Promise.resolve(statuses.length),
      (count) => count > before + 20,
    );
    draining = true;
    await Promise.all(clients);
    agent.destroy();

    expect(await run.exited).toBe(0);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    for (const pid of children) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});

async function statusOf(url: string, init?: RequestInit): Promise<number> {
  const response = await fetch(url, init);
  await response.arrayBuffer();
  return response.status;
}

function post(url: string, body: Buffer, agent: Agent): Promise<number | string> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'image/png', 'content-length': body.length };
    const outgoing = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () => {
        resolve(response.statusCode ?? 0);
      });
    });
    outgoing.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
    outgoing.end(body);
  });
}

/** Linux tells a process's children; the tests of the product run there. */
async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}
