/** gRPC's prefix of a message: a flag for compression and its length (gRPC over HTTP/2, "Requests"). */
export const PREFIX_BYTES = 5;

/** Writes the prefix into the first bytes of a frame: the message behind it is sent from where it lies. */
export function frameMessage(frame: Buffer): void {
  frame[0] = 0;
  frame.writeUInt32BE(frame.length - PREFIX_BYTES, 1);
}
