import type { CommandDefinition, Context, Report } from './command.js';
import { InputError, UsageError } from './errors.js';
import { runProgram } from './run-program.js';

interface Recorded {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const answers: Record<string, () => Report> = {
  good: () => ({ json: { good: true }, text: ({ bold }) => bold('all is good') }),
  bad: () => ({ json: { good: false }, text: () => 'not so', isFailed: true }),
  unreadable: () => {
    throw new InputError('x.yaml: expected labels', { hint: 'Write some.' });
  },
  contradictory: () => {
    throw new UsageError('either --a or --b');
  },
  broken: () => {
    throw new TypeError('undefined is no function', { cause: new Error('deeper') });
  },
};

const check: CommandDefinition = {
  name: 'check',
  summary: 'checks',
  examples: [['imgserve check good', 'what is good']],
  declare: (command) => command.argument('<what>').option('--deep', 'look deeper'),
  load: () => Promise.resolve(([what]: string[]) => Promise.resolve().then(answers[what!])),
};

const list: CommandDefinition = {
  name: 'list',
  summary: 'lists',
  examples: [],
  declare: (command) => command,
  load: () =>
    Promise.resolve(async (_args: never, _options: never, { line }: Context) => {
      await line(({ bold }) => bold('first'));
      await line(() => 'second');
      return { json: ['first', 'second'], text: () => '' };
    }),
};

async function run(
  args: string,
  { isTTY = false, env = {} }: { isTTY?: boolean; env?: Record<string, string> } = {},
): Promise<Recorded> {
  const texts = { stdout: '', stderr: '' };
  const screen = (name: keyof typeof texts) => ({
    isTTY,
    write: (text: string, written?: () => void) => {
      texts[name] += text;
      written?.();
    },
  });
  const exitCode = await runProgram([check, list], args.split(' ').filter(Boolean), {
    stdout: screen('stdout'),
    stderr: screen('stderr'),
    env,
    version: '1.2.3',
    signal: new AbortController().signal,
  });
  return { exitCode, ...texts };
}

describe('a command line', () => {
  it('prints the answer to stdout and ends with 0', async () => {
    expect(await run('check good')).toEqual({ exitCode: 0, stdout: 'all is good\n', stderr: '' });
  });

  it('prints lines as they come, and with --json the one object alone', async () => {
    const { stdout } = await run('list', { isTTY: true });
    expect(stdout).toBe('\u001b[1mfirst\u001b[22m\nsecond\n');
    expect((await run('list')).stdout).toBe('first\nsecond\n');
    expect(JSON.parse((await run('--json list')).stdout)).toEqual(['first', 'second']);
  });

  it('ends with 1 where the check has failed', async () => {
    expect(await run('check bad')).toEqual({ exitCode: 1, stdout: 'not so\n', stderr: '' });
  });

  it.each([
    ['check unreadable', 3, 'x.yaml: expected labels\nWrite some.'],
    ['check contradictory', 2, 'either --a or --b'],
  ])('says in plain words what is wrong: %s', async (args, exitCode, words) => {
    const recorded = await run(args);
    expect(recorded).toEqual({ exitCode, stdout: '', stderr: `error: ${words}\n` });
  });

  it.each([
    ['', /Usage: imgserve/],
    ['chek good', /unknown command 'chek'.*Did you mean check/s],
    ['check', /missing required argument 'what'.*See imgserve check --help/s],
    ['check good more', /too many arguments/],
    ['check good --deeep', /unknown option '--deeep'.*Did you mean --deep/s],
  ])('ends with 2 and a way on where it is used wrongly: "%s"', async (args, words) => {
    const recorded = await run(args);
    expect(recorded).toMatchObject({ exitCode: 2, stdout: '' });
    expect(recorded.stderr).toMatch(words);
  });

  it.each(['--json check good', 'check good --json'])('answers JSON alone: %s', async (args) => {
    const { stdout, stderr } = await run(args);
    expect([JSON.parse(stdout), stderr]).toEqual([{ good: true }, '']);
  });

  it('tells errors as JSON too', async () => {
    const { stdout, exitCode } = await run('check unreadable --json');
    const error = { message: 'x.yaml: expected labels', hint: 'Write some.', exitCode };
    expect(JSON.parse(stdout)).toEqual({ error });
    expect(JSON.parse((await run('check --json')).stdout)).toEqual({
      error: { message: "missing required argument 'what'", exitCode: 2 },
    });
  });

  it('owns up to its own faults, with the stack only where it is asked for', async () => {
    const { exitCode, stderr } = await run('check broken');
    expect([exitCode, stderr]).toEqual([
      70,
      'error: undefined is no function\nThis is a fault of imgserve; --verbose shows where.\n',
    ]);
    expect((await run('check broken --verbose')).stderr).toMatch(/ {4}at .*deeper/s);
  });

  it.each([
    ['a terminal', 'check good', { isTTY: true }, true],
    ['a pipe', 'check good', {}, false],
    ['NO_COLOR', 'check good', { isTTY: true, env: { NO_COLOR: '1' } }, false],
    ['--no-color', 'check good --no-color', { isTTY: true }, false],
  ])('is coloured on a terminal alone: %s', async (_name, args, surroundings, isColoured) => {
    expect((await run(args, surroundings)).stdout.includes('\u001b[')).toBe(isColoured);
  });

  it('gives examples in the help of a command, on stdout', async () => {
    const { exitCode, stdout } = await run('check --help');
    expect(exitCode).toBe(0);
    for (const part of ['--deep', '--json', '# what is good\n  imgserve check good']) {
      expect(stdout).toContain(part);
    }
  });

  it('prints its version', async () => {
    expect(await run('--version')).toMatchObject({ exitCode: 0, stdout: '1.2.3\n' });
  });
});
