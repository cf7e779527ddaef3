import type { Signal } from '#cancellation';
import { projectVersion } from '#project';
import { AnswerReader, type Answer } from './answer-reader.js';
import type { FetchOptions } from './config.js';
import type { Connection, Conversation } from './connection.js';
import type { Connector } from './connector.js';
import { originOf, type IdleConnections } from './idle-connections.js';
import type { Link } from './link.js';
import { invalidAnswer } from './response-head.js';
import type { ImageBuffers } from './image-buffers.js';

export interface Exchange {
  link: Link;
  connector: Connector;
  idle: IdleConnections;
  /** Where bodies are kept. */
  buffers: ImageBuffers;
  maxBytes: number;
  take: FetchOptions['take'];
  signal: Signal;
}

const USER_AGENT = `image-classification-gateway/${projectVersion}`;

/** What the WHATWG parser leaves in a path or a host; nothing else may come into a request's head. */
const VISIBLE_ASCII = /^[!-~]+$/;

/** An idle connection that its other end had closed already: nothing was answered on it. */
class StaleConnectionError extends Error {}

/**
 * Asks for `link`, over an idle connection where there is one, and reads the answer. An HTTP/1.1
 * client of our own: Node's costs more than the rest of a small fetch, mostly objects that nobody reads.
 */
export async function exchange(options: Exchange): Promise<Answer> {
  const { link, connector, idle, signal } = options;
  const origin = originOf(link);
  const request = requestFor(link);
  for (;;) {
    signal.throwIfAborted();
    const used = idle.take(origin);
    const connection = used ?? idle.over(await connector.connect(link, signal), origin);
    // It may have failed before anybody listened.
    if (!connection.isOpen && used === undefined) throw invalidAnswer();
    try {
      return await ask(connection, request, used !== undefined, options);
    } catch (error) {
      // Each turn uses an idle connection up, so this ends.
      if (!(error instanceof StaleConnectionError)) throw error;
    }
  }
}

function requestFor({ url }: Link): string {
  const target = url.pathname + url.search;
  const host = url.host.replace(/\.(?=:\d+$|$)/, '');
  if (!VISIBLE_ASCII.test(target) || !VISIBLE_ASCII.test(host)) throw invalidAnswer();
  return `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: ${USER_AGENT}\r\nAccept: image/*\r\nAccept-Encoding: identity\r\nConnection: keep-alive\r\n\r\n`;
}

function ask(
  connection: Connection,
  request: string,
  isReused: boolean,
  { link, idle, buffers, maxBytes, take, signal }: Exchange,
): Promise<Answer> {
  return new Promise<Answer>((resolve, reject) => {
    let isAnswered = false;
    const settle = (): void => {
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (error: Error): void => {
      settle();
      connection.close();
      reader.discard();
      reject(error);
    };
    const onAbort = (): void => {
      fail(signal.reason);
    };
    const done = (answer: Answer, isReusable: boolean): void => {
      settle();
      if (isReusable) idle.keep(connection, originOf(link));
      else connection.close();
      resolve(answer);
    };
    const reader = new AnswerReader({
      url: link.url,
      buffers,
      maxBytes,
      take,
      connection,
      done,
      fail,
    });
    const conversation: Conversation = {
      received(bytes) {
        isAnswered = true;
        reader.push(bytes);
      },
      ended() {
        // What closes without a word may have been closed before it was asked.
        if (isAnswered) reader.end();
      },
      closed(error) {
        if (isReused && !isAnswered)
          fail(new StaleConnectionError('Stale connection', { cause: error }));
        else reader.end(error);
      },
    };
    signal.addEventListener('abort', onAbort);
    connection.begin(conversation, request);
  });
}
