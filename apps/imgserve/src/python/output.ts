import type { Readable } from 'node:stream';

const KEPT_LINES = 20;
const KEPT_CHARACTERS = 8192;

/** The end of what a program writes, however much that is. */
export class OutputTail {
  private text = '';

  constructor(stream: Readable) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      this.text = (this.text + chunk).slice(-KEPT_CHARACTERS);
    });
  }

  toString(): string {
    return this.text.trimEnd().split('\n').slice(-KEPT_LINES).join('\n');
  }
}
