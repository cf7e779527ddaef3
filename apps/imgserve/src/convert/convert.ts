import { InputError, type Context, type Report } from '../frame/index.js';
import { planOf, type ConvertOptions } from './plan.js';
import { resultText, type Conversion } from './result-text.js';
import { inContainer, inPython } from './run.js';

/** Lets Python convert, and tells what has become of it. */
export async function convert(
  [source]: [source: string],
  options: ConvertOptions,
  context: Context,
): Promise<Report> {
  const plan = await planOf(source, options);
  const run = options.docker === true ? inContainer : inPython;
  let conversion: Conversion | undefined;
  for await (const event of run(plan, options.python, context)) {
    if (typeof event['stage'] === 'string') context.progress.tell(event['stage']);
    if (typeof event['refusal'] === 'string') throw new InputError(event['refusal']);
    if ('differences' in event) {
      conversion = event as unknown as Conversion;
      break;
    }
  }
  if (conversion === undefined) throw new Error('The converter ended without a result');
  // A container knows the folder by another name.
  const result = { ...conversion, folder: plan.target };
  return {
    json: result,
    text: (style) => resultText(result, style),
    isFailed: result.faults.length > 0,
  };
}
