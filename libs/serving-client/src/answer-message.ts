import { status } from '@grpc/grpc-js';
import { CallError } from './call-error.js';
import { PREFIX_BYTES } from './message-frame.js';

/** The one message of a unary call's answer, as it comes in. */
export class AnswerMessage {
  private readonly chunks: Buffer[] = [];
  private received = 0;
  /** With the prefix; unknown until that is there. */
  private expected: number | undefined;

  constructor(private readonly maxBytes: number) {}

  /** @throws CallError for what no answer may be; nothing of it is kept then. */
  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.received += chunk.length;
    if (this.expected === undefined && this.received >= PREFIX_BYTES) {
      this.expected = this.readPrefix();
    }
    if (this.expected !== undefined && this.received > this.expected) {
      throw this.refuse(status.INTERNAL, 'Received more than one message');
    }
  }

  /** @throws CallError where it is not whole. */
  whole(): Buffer {
    if (this.received === 0) throw new CallError(status.UNIMPLEMENTED, 'No message received');
    if (this.received !== this.expected) {
      throw new CallError(status.INTERNAL, 'The answer ends in the midst of its message');
    }
    const [first] = this.chunks;
    const frame = this.chunks.length === 1 ? first! : Buffer.concat(this.chunks);
    return frame.subarray(PREFIX_BYTES);
  }

  private readPrefix(): number {
    const [first] = this.chunks;
    const prefix = this.chunks.length === 1 ? first! : Buffer.concat(this.chunks);
    const length = prefix.readUInt32BE(1);
    if (length > this.maxBytes) {
      const details = `Received message larger than max (${length} vs ${this.maxBytes})`;
      throw this.refuse(status.RESOURCE_EXHAUSTED, details);
    }
    // None is asked for.
    if (prefix[0] !== 0) throw this.refuse(status.INTERNAL, 'Received a compressed message');
    return PREFIX_BYTES + length;
  }

  private refuse(code: status, details: string): CallError {
    this.chunks.length = 0;
    return new CallError(code, details);
  }
}
