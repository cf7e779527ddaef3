import type { BodyFraming } from './body-framing.js';
import { invalidAnswer } from './response-head.js';

/** Of what is not the body's, sizes aside: chunk extensions and trailers, which nobody reads. */
const MAX_IGNORED_BYTES = 16 * 1024;

const SIZE_LINE = /^([\da-f]{1,12})[ \t]*(?:;[^\r\n\0]*)?$/i;
const TRAILER_LINE = /^[\w!#$%&'*+.^`|~-]+:[^\r\n\0]*$/;
const LF = 0x0a;

/** The chunked transfer coding (RFC 9112, section 7.1), as it comes. */
export class ChunkedFraming implements BodyFraming {
  readonly endsWithConnection = false;
  readonly length = undefined;
  isOver = false;
  private state: 'size' | 'data' | 'data end' | 'trailer' = 'size';
  private line = '';
  private left = 0;
  private ignored = 0;

  push(bytes: Buffer, take: (piece: Buffer) => void): number {
    let at = 0;
    while (at < bytes.length && !this.isOver) {
      if (this.state === 'data') {
        const end = Math.min(bytes.length, at + this.left);
        take(bytes.subarray(at, end));
        this.left -= end - at;
        at = end;
        if (this.left === 0) this.state = 'data end';
      } else {
        at = this.readLine(bytes, at);
      }
    }
    return at;
  }

  /** Takes a line's bytes up to its end, if that has come, and then the line. */
  private readLine(bytes: Buffer, from: number): number {
    const lf = bytes.indexOf(LF, from);
    const end = lf < 0 ? bytes.length : lf + 1;
    // Before it is kept: a line may have no end.
    if (this.line.length + end - from > MAX_IGNORED_BYTES) throw invalidAnswer();
    this.line += bytes.toString('latin1', from, end);
    if (lf >= 0) {
      if (!this.line.endsWith('\r\n')) throw invalidAnswer();
      const line = this.line.slice(0, -2);
      this.line = '';
      this.take(line);
    }
    return end;
  }

  private take(line: string): void {
    switch (this.state) {
      case 'size': {
        const size = SIZE_LINE.exec(line)?.[1];
        if (size === undefined) throw invalidAnswer();
        this.ignore(line.length - size.length);
        this.left = Number.parseInt(size, 16);
        this.state = this.left === 0 ? 'trailer' : 'data';
        return;
      }
      case 'trailer':
        if (line === '') this.isOver = true;
        else if (!TRAILER_LINE.test(line)) throw invalidAnswer();
        this.ignore(line.length);
        return;
      default:
        if (line !== '') throw invalidAnswer();
        this.state = 'size';
    }
  }

  private ignore(bytes: number): void {
    this.ignored += bytes;
    if (this.ignored > MAX_IGNORED_BYTES) throw invalidAnswer();
  }
}
