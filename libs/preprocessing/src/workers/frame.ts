import type { Writable } from 'node:stream';

/** The file descriptor, in the process, of the channel that frames go over. */
export const CHANNEL = 3;

/** Lengths of the header and of the body. */
const PREFIX_BYTES = 8;
/** More than any header here has: whoever sends more is not to be believed. */
const MAX_HEADER_BYTES = 64 * 1024;

/** Sends what is said, as JSON, and the bytes that belong to it. */
export function writeFrame(channel: Writable, header: unknown, body: Uint8Array): void {
  const json = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32LE(json.length, 0);
  prefix.writeUInt32LE(body.length, 4);
  channel.cork();
  channel.write(prefix);
  channel.write(json);
  channel.write(body);
  channel.uncork();
}

interface Incoming {
  readonly header: unknown;
  readonly body: Uint8Array;
  received: number;
}

/** Puts together what `writeFrame` sends, one frame after the other. */
export class FrameReader {
  private head: Buffer = Buffer.alloc(0);
  private incoming: Incoming | undefined;

  /**
   * @param place gives the memory, of just so many bytes, that a body is received in
   * @param take is told of each frame
   */
  constructor(
    private readonly place: (header: unknown, bytes: number) => Uint8Array,
    private readonly take: (header: unknown, body: Uint8Array) => void,
  ) {}

  /** @throws Error where it is no frame, and whatever `place` throws */
  push(chunk: Buffer): void {
    let rest = this.incoming === undefined ? this.begin(chunk) : chunk;
    while (this.incoming !== undefined) {
      const { header, body, received } = this.incoming;
      const piece = rest.subarray(0, body.length - received);
      body.set(piece, received);
      this.incoming.received += piece.length;
      if (this.incoming.received < body.length) return;
      this.incoming = undefined;
      this.take(header, body);
      rest = this.begin(rest.subarray(piece.length));
    }
  }

  /** @returns what follows the header, once that is complete */
  private begin(chunk: Buffer): Buffer {
    this.head = this.head.length === 0 ? chunk : Buffer.concat([this.head, chunk]);
    if (this.head.length < PREFIX_BYTES) return this.head;
    const headerBytes = this.head.readUInt32LE(0);
    if (headerBytes > MAX_HEADER_BYTES) throw new Error('Expected a frame');
    const end = PREFIX_BYTES + headerBytes;
    if (this.head.length < end) return this.head;
    const header: unknown = JSON.parse(this.head.toString('utf8', PREFIX_BYTES, end));
    const body = this.place(header, this.head.readUInt32LE(4));
    this.incoming = { header, body, received: 0 };
    const rest = this.head.subarray(end);
    this.head = Buffer.alloc(0);
    return rest;
  }
}
