import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
  /** `performance.now()` when its headers had come. */
  readonly heard: number;
}

const TIMEOUT_MS = 30_000;
const END_OF_HEADERS = '\r\n\r\n';

/**
 * As many kept connections to one server as are needed at once. Ours, and for answers with a length alone:
 * Node's client takes several times what a refusal costs the server, which then lacks the processor.
 */
export class Connections {
  private readonly idle: Socket[] = [];

  constructor(private readonly url: URL) {}

  /** @throws Error of the connection, or of an answer that does not come */
  ask(request: Uint8Array): Promise<Answer> {
    const socket = this.idle.pop() ?? connect(Number(this.url.port), this.url.hostname);
    return new Promise((resolve, reject) => {
      let received = '';
      let heard = 0;
      let length = 0;
      const fail = (error: Error): void => {
        socket.destroy();
        reject(error);
      };
      const gone = (): void => {
        fail(new Error('closed before the answer'));
      };
      const late = (): void => {
        fail(new Error('no answer within 30 s'));
      };
      const take = (chunk: string): void => {
        received += chunk;
        if (heard === 0) {
          const end = received.indexOf(END_OF_HEADERS);
          if (end < 0) return;
          heard = performance.now();
          length =
            end + END_OF_HEADERS.length + Number(/\ncontent-length: *(\d+)/i.exec(received)?.[1]);
        }
        if (received.length < length) return;
        socket.off('data', take).off('error', fail).off('close', gone).off('timeout', late);
        const end = received.indexOf(END_OF_HEADERS);
        const headers = received.slice(0, end);
        if (/\nconnection: *close/i.test(headers)) socket.destroy();
        else this.idle.push(socket);
        const body = received.slice(end + END_OF_HEADERS.length);
        resolve({ status: Number(headers.slice(9, 12)), headers, body, heard });
      };
      socket.setEncoding('latin1').setTimeout(TIMEOUT_MS);
      socket.on('data', take).on('error', fail).on('close', gone).on('timeout', late);
      socket.write(request);
    });
  }

  close(): void {
    for (const socket of this.idle) socket.destroy();
  }
}

/** A POST as it goes over the wire. */
export function bytesOf({ host }: URL, path: string, type: string, body: Uint8Array): Buffer {
  const head = `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: ${type}\r\nContent-Length: ${body.byteLength}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}
