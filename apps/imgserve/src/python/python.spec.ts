import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonEnvironment } from './environment.js';
import { findInterpreter } from './interpreter.js';
import { runScript, scriptPath, type ScriptEvent } from './run-script.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'python-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

/** A script beside nobody, that talks as those of the project do. */
const script = (body: string): string =>
  file(
    'script.py',
    `import sys\nsys.path.insert(0, ${JSON.stringify(scriptPath('.'))})\n` +
      `import protocol\n\ndef main(asked):\n    ${body}\n\nprotocol.run(main)\n`,
  );

async function told(body: string, asked: unknown = {}, signal?: AbortSignal) {
  const events: ScriptEvent[] = [];
  for await (const event of runScript('python3', script(body), asked, signal)) events.push(event);
  return events;
}

describe('a virtual environment', () => {
  it('is made once, for its requirements alone', async () => {
    const requirements = file('requirements.txt', '# nothing\n');
    const lines: string[] = [];
    const options = {
      requirements,
      cache: join(folder, 'cache'),
      progress: (line: string) => lines.push(line),
    };
    const python = await pythonEnvironment(options);
    expect(lines[0]).toMatch(/^making a virtual environment/);
    lines.length = 0;
    expect(await pythonEnvironment(options)).toBe(python);
    expect(lines).toEqual([]);
    expect(readdirSync(join(folder, 'cache'))).toHaveLength(1);
    for await (const event of runScript(python, script('protocol.tell(prefix=sys.prefix)'), {})) {
      expect(python).toContain(event['prefix']);
    }
  });

  it('leaves nothing where the requirements cannot be had, and says why', async () => {
    const requirements = file('requirements.txt', './nowhere\n');
    const options = { requirements, cache: join(folder, 'cache') };
    await expect(pythonEnvironment(options)).rejects.toThrow(
      /could not be installed(.|\n)*nowhere/,
    );
    expect(readdirSync(join(folder, 'cache'))).toEqual([]);
  });

  it("is not made where the user's own Python is named", async () => {
    const cache = join(folder, 'cache');
    const options = { requirements: join(folder, 'none.txt'), cache };
    expect(await pythonEnvironment({ ...options, python: 'python3' })).toBe('python3');
    const none = { ...options, python: join(folder, 'no-python') };
    await expect(pythonEnvironment(none)).rejects.toThrow(/no-python does not run as Python/);
  });

  it('needs a Python that the requirements have wheels for', async () => {
    const old = file('python2', '#!/bin/sh\necho 2.7\n');
    chmodSync(old, 0o755);
    await expect(findInterpreter(['/nowhere/python', old])).rejects.toThrow(
      /Expected Python 3\.10 to 3\.13 but .*python2 is 2\.7/,
    );
  });
});

describe('a script', () => {
  it('tells events, whatever else writes to stdout', async () => {
    const body = 'print("noise"); protocol.tell(seen=asked["n"]); protocol.tell(last=True)';
    expect(await told(body, { n: 3 })).toEqual([{ seen: 3 }, { last: true }]);
  });

  it.each([
    ['refuses', 'protocol.refuse("No such model.")', /^No such model\.$/],
    ['lacks a package', 'import no_such_package', /has no module no_such_package/],
    ['breaks down', 'raise ValueError("odd")', /script\.py ended with 1\.(.|\n)*ValueError: odd/],
  ])('that %s is told in words', async (_name, body, words) => {
    await expect(told(body)).rejects.toThrow(words);
  });

  it('ends with the signal', async () => {
    const stopping = new AbortController();
    const reason = new Error('No longer needed.');
    const body = 'import time; protocol.tell(started=1); time.sleep(60)';
    const events = runScript('python3', script(body), {}, stopping.signal);
    await events.next();
    stopping.abort(reason);
    await expect(events.next()).rejects.toBe(reason);
  });
});
