import { access } from 'node:fs/promises';
import { basename, dirname, join, parse, resolve } from 'node:path';
import { loadModel } from '#model-spec';
import type { ImageSpec } from '#preprocessing';
import { InputError, UsageError } from '../frame/index.js';
import { presetFor } from '../init/make-spec.js';

export interface ConvertOptions {
  readonly name?: string;
  readonly out?: string;
  readonly spec?: string;
  readonly preset?: string;
  readonly scaling?: string;
  readonly resample?: string;
  readonly fit?: string;
  readonly size?: string;
  readonly inputName?: string;
  readonly outputName?: string;
  readonly images?: string;
  readonly onnx?: boolean;
  readonly python?: string;
  readonly docker?: boolean;
}

/** What `convert.py` is asked; what is undefined is for it to choose. Paths are absolute. */
export interface Plan {
  readonly source: string;
  readonly target: string;
  readonly images: string | undefined;
  readonly scaling: unknown;
  readonly resample: string | undefined;
  readonly fit: string | undefined;
  readonly size: string | undefined;
  readonly input_name: string | undefined;
  readonly output_name: string | undefined;
  readonly onnx: boolean;
}

/**
 * An option counts before the spec.
 *
 * @throws UsageError, InputError
 */
export async function planOf(source: string, options: ConvertOptions): Promise<Plan> {
  const file = resolve(source);
  if (!(await isThere(file))) throw new InputError(`${source} is not there`);
  const target = targetOf(file, options);
  if (await isThere(target)) {
    const hint = 'A version is never overwritten: name the next one with --out.';
    throw new UsageError(`${target} is there already`, { hint });
  }
  const preset = options.preset === undefined ? undefined : presetFor(options.preset);
  const image = await imageSpecOf(options.spec, dirname(target));
  return {
    source: file,
    target,
    images: options.images && resolve(options.images),
    scaling: options.scaling ?? preset?.scaling ?? image?.scaling,
    resample: options.resample ?? image?.resample,
    fit: options.fit ?? image?.fit,
    size: options.size ?? image?.size.join('x'),
    input_name: options.inputName,
    output_name: options.outputName,
    onnx: options.onnx ?? true,
  };
}

function targetOf(source: string, { name = parse(source).name, out }: ConvertOptions): string {
  const target = resolve(out ?? join('models', name, '1'));
  if (!/^[1-9]\d*$/.test(basename(target))) {
    const hint = 'Versions are whole numbers: --out models/my-model/1';
    throw new UsageError(`Expected --out to end in a version but received ${out!}`, { hint });
  }
  const servable = basename(dirname(target));
  if (!/^[\w.-]+$/.test(servable)) {
    const hint = 'Name it with --name: letters, digits, ".", "_" and "-".';
    throw new UsageError(`"${servable}" cannot be a model's name`, { hint });
  }
  return target;
}

async function imageSpecOf(
  given: string | undefined,
  folder: string,
): Promise<ImageSpec | undefined> {
  const path = given ?? join(folder, 'model.yaml');
  if (given === undefined && !(await isThere(path))) return undefined;
  try {
    return (await loadModel(path)).spec.image;
  } catch (cause) {
    throw new InputError((cause as Error).message, { cause });
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
