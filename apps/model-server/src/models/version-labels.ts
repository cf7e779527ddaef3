import { readFile } from 'node:fs/promises';
import type { Logger } from '#logging';

/** Which version each label of a model means. */
export type Labels = ReadonlyMap<string, bigint>;

export const NO_LABELS: Labels = new Map();

const MAX_VERSION = 2n ** 63n - 1n;

/**
 * The file that names versions, as `version_labels` do in TF Serving's configuration:
 *
 *     clothing-model:
 *       stable: 1
 *       canary: 2
 *
 * It is read at each look. One that cannot be used is told in the log once, and the labels stay.
 */
export class VersionLabels {
  private labels: ReadonlyMap<string, Labels> = new Map();
  private text: string | undefined;
  private fault = '';

  /** @param mustExist a file that is not there is a fault, rather than no labels */
  constructor(
    private readonly path: string,
    private readonly mustExist: boolean,
    private readonly logger: Logger,
  ) {}

  of(model: string): Labels {
    return this.labels.get(model) ?? NO_LABELS;
  }

  /** Never rejects. */
  async read(): Promise<void> {
    try {
      const text = await this.readText();
      if (text === this.text) return;
      this.labels = await parseLabels(text);
      this.text = text;
      this.fault = '';
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      if (fault !== this.fault) {
        this.logger.error({ file: this.path, fault }, 'version labels stay as they were');
      }
      this.fault = fault;
    }
  }

  private async readText(): Promise<string> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (error) {
      if (!this.mustExist && (error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw new Error('expected a readable file', { cause: error });
    }
  }
}

/** @throws Error that names the model and the label */
async function parseLabels(text: string): Promise<ReadonlyMap<string, Labels>> {
  if (text.trim() === '') return new Map();
  const { parse } = await import('yaml');
  // Versions are of 64 bits, which a JavaScript number is not.
  const document: unknown = parse(text, { intAsBigInt: true });
  return new Map(
    membersOf(document, 'the file').map(([model, labels]) => [
      model,
      new Map(
        membersOf(labels, model).map(([label, version]) => [
          label,
          versionOf(version, `${model}.${label}`),
        ]),
      ),
    ]),
  );
}

function membersOf(value: unknown, what: string): [string, unknown][] {
  if (value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new Error(`expected ${what} to be a mapping`);
  }
  return Object.entries(value);
}

function versionOf(value: unknown, what: string): bigint {
  const version = typeof value === 'string' && /^\d{1,19}$/.test(value) ? BigInt(value) : value;
  if (typeof version !== 'bigint' || version < 1n || version > MAX_VERSION) {
    throw new Error(`expected ${what} to be a version`);
  }
  return version;
}
