import { projectVersion } from '#project';
import { COMMANDS } from './commands.js';
import { abortedBySignals } from './frame/interruption.js';
import { runProgram } from './frame/run-program.js';

async function main(): Promise<void> {
  // What reads the answer may have had enough of it, as `head` does.
  process.stdout.on('error', () => process.exit());
  const { stdout, stderr, env } = process;
  const exitCode = await runProgram(COMMANDS, process.argv.slice(2), {
    stdout,
    stderr,
    env,
    version: projectVersion,
    signal: abortedBySignals(),
  });
  // Threads and connections may still be about.
  process.exit(process.exitCode ?? exitCode);
}

void main();
