import { Command } from 'commander';
import type { CommandDefinition, Context, Report, Run } from './command.js';

export interface GlobalOptions {
  readonly json?: boolean;
  readonly color: boolean;
  readonly verbose?: boolean;
}

interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/**
 * The commands as commander knows them. Parsing throws a CommanderError in place of ending the process.
 *
 * @param finish given what the command that was called has found
 */
export function makeProgram(
  definitions: readonly CommandDefinition[],
  version: string,
  { out, err }: Output,
  contextOf: (options: GlobalOptions) => Context,
  finish: (report: Report, options: GlobalOptions) => Promise<void>,
): Command {
  const program = new Command('imgserve')
    .description('Brings a Keras, TensorFlow or ONNX image model of yours behind the gateway.')
    .version(version, '-V, --version', 'print the version')
    .option('--json', 'print one JSON object to stdout, for programs')
    .option('--no-color', 'print without colours (as NO_COLOR=1)')
    .option('--verbose', 'print the stack of an error')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .exitOverride()
    .configureOutput({ writeOut: out, writeErr: err });
  for (const definition of definitions) {
    const { name, summary, description, examples } = definition;
    const command = program
      .command(name)
      .summary(summary)
      .description(description ?? summary)
      .helpOption('-h, --help', 'print help')
      .configureHelp({ showGlobalOptions: true })
      .showHelpAfterError(`See imgserve ${name} --help.`)
      .addHelpText('after', () => exampleText(examples));
    definition.declare(command);
    command.action(async (...params: unknown[]) => {
      const options = program.opts<GlobalOptions>();
      const args = params.slice(0, -2);
      const run = (await definition.load()) as Run<unknown[], unknown>;
      await finish(await run(args, params.at(-2), contextOf(options)), options);
    });
  }
  return program.addHelpText('after', '\nSee imgserve COMMAND --help for arguments and examples.');
}

function exampleText(examples: CommandDefinition['examples']): string {
  const lines = examples.map(([command, what]) => `  # ${what}\n  ${command}`);
  return `\nExamples:\n${lines.join('\n')}`;
}
