import { CompressionFilter } from '@grpc/grpc-js/build/src/compression-filter.js';

/** gRPC's prefix of a message: a flag for compression and its length (gRPC over HTTP/2, "Requests"). */
export const PREFIX_BYTES = 5;

/** Messages that have room for their prefix in front of them, and the bytes from there on. */
const frames = new WeakMap<Uint8Array, Buffer>();

/**
 * Writes the prefix into the first bytes of a frame.
 *
 * @returns the message behind it, which is sent from where it lies
 */
export function frameMessage(frame: Buffer): Buffer {
  const message = frame.subarray(PREFIX_BYTES);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  frames.set(message, frame);
  return message;
}

interface MessageWriter {
  writeMessage: (this: unknown, message: Buffer, compress: boolean) => Promise<Buffer>;
}

/**
 * grpc-js copies every message behind a prefix of its own: for an image of 299×299×3 floats another
 * megabyte, allocated and collected per call. There is no public way around that. Other messages, and
 * a library that has changed inside, go the library's way.
 */
function sendFramesInPlace(): void {
  const filter = new CompressionFilter({}, {}) as unknown as { sendCompression?: MessageWriter };
  if (typeof filter.sendCompression?.writeMessage !== 'function') return;
  const prototype: unknown = Object.getPrototypeOf(filter.sendCompression);
  const writer = prototype as MessageWriter;
  const original = writer.writeMessage;
  writer.writeMessage = function (message, compress) {
    const frame = frames.get(message);
    return frame === undefined ? original.call(this, message, compress) : Promise.resolve(frame);
  };
}

sendFramesInPlace();
