import type { GoldenImage, ModelSpec } from '#model-spec';
import { projectPath } from '#project';
import { InputError, MissingError, type Context } from '../frame/index.js';
import { pythonEnvironment, PythonError, runScript, scriptPath } from '../python/index.js';
import type { NamedImage } from './choose-images.js';

export interface Asked {
  readonly spec: ModelSpec;
  readonly images: readonly NamedImage[];
  /** Where pixels are kept, if they are. */
  readonly references: string | undefined;
  readonly keras: string | undefined;
  readonly savedModel: string | undefined;
  readonly preprocess: string | undefined;
}

export interface Refused {
  readonly image: string;
  readonly reason: string;
}

export interface Vectors {
  readonly madeWith: Readonly<Record<string, string>>;
  readonly images: readonly GoldenImage[];
  readonly refused: readonly Refused[];
}

/** The Python that Keras runs in. @throws MissingError */
export async function kerasPython(python: string | undefined, context: Context): Promise<string> {
  try {
    return await pythonEnvironment({
      requirements: projectPath('apps', 'imgserve', 'python', 'requirements.txt'),
      python,
      signal: context.signal,
      progress: (line) => {
        context.progress.tell(line);
      },
    });
  } catch (error) {
    throw error instanceof PythonError ? new MissingError(error.message, { cause: error }) : error;
  }
}

/**
 * What Keras makes of images.
 *
 * @throws InputError with the script's reason
 */
export async function askKeras(python: string, asked: Asked, context: Context): Promise<Vectors> {
  const { keras = null, savedModel = null, preprocess = null, references = null } = asked;
  const { spec, images: chosen } = asked;
  const images: GoldenImage[] = [];
  const refused: Refused[] = [];
  let madeWith: Vectors['madeWith'] = {};
  context.progress.tell('starting TensorFlow');
  try {
    const models = { keras, saved_model: savedModel };
    const question = { spec, images: chosen, references, preprocess, ...models };
    for await (const event of runScript(
      python,
      scriptPath('golden.py'),
      question,
      context.signal,
    )) {
      if (event['made_with'] !== undefined) {
        madeWith = event['made_with'] as Vectors['madeWith'];
        continue;
      }
      const { image: file, refused: reason, ...vector } = event as Told;
      if (reason !== undefined) refused.push({ image: file, reason });
      else images.push({ file, ...vector });
      context.progress.tell('images', images.length + refused.length, asked.images.length);
    }
  } catch (error) {
    throw error instanceof PythonError ? new InputError(error.message, { cause: error }) : error;
  }
  return { madeWith, images, refused };
}

/** An event of golden.py about an image. */
type Told = Omit<GoldenImage, 'file'> & { readonly image: string; readonly refused?: string };
