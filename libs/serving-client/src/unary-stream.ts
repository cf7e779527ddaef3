import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2';
import { status } from '@grpc/grpc-js';
import { AnswerMessage } from './answer-message.js';
import type { CallOptions } from './call.js';
import { CallError } from './call-error.js';
import { DROPPED, type Ending, endingOfStream, endingOfTrailers } from './call-ending.js';
import type { ActiveCall } from './grpc-transport.js';
import type { ReadyConnection } from './ready-connections.js';

export interface UnaryRequest<Answer> {
  /** `/package.Service/Method` */
  path: string;
  /** The message with its prefix. It may be changed once the call has ended. */
  frame: Buffer;
  maxAnswerBytes: number;
  /** @throws where it is no such message. */
  read: (message: Buffer) => Answer;
}

/** gRPC over HTTP/2 wants "grpc-" and then the language; the rest says who it is. */
const USER_AGENT = 'grpc-node-gateway';
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * One unary RPC straight on a connection's HTTP/2 session ("gRPC over HTTP/2", PROTOCOL-HTTP2). Ours,
 * because grpc-js's own way from a client to the stream takes more CPU than the stream.
 *
 * @throws CallError however it fails; CANCELLED where the signal aborts.
 */
export function callUnary<Answer>(
  connection: ReadyConnection,
  request: UnaryRequest<Answer>,
  { deadline, metadata = {}, signal }: CallOptions,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { transport } = connection;
    const timeoutMs = deadline.getTime() - Date.now();
    if (timeoutMs <= 0) {
      reject(new CallError(status.DEADLINE_EXCEEDED, 'Deadline exceeded'));
      return;
    }
    let stream: ClientHttp2Stream;
    try {
      stream = transport.session.request({
        ':method': 'POST',
        ':path': request.path,
        te: 'trailers',
        'content-type': 'application/grpc',
        'user-agent': USER_AGENT,
        'grpc-timeout': grpcTimeout(timeoutMs),
        ...metadata,
      });
    } catch (error) {
      // It takes no more, as after a GOAWAY, and nothing of the call was sent.
      transport.handleDisconnect();
      reject(new CallError(status.UNAVAILABLE, (error as Error).message));
      return;
    }
    const ended = connection.started();
    const call = new UnaryStream(stream, request, (error, answer) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      transport.removeActiveCall(call);
      ended(error?.code ?? status.OK);
      if (error === undefined) resolve(answer as Answer);
      else reject(error);
    });
    const cancel = (): void => {
      call.finish({ code: status.CANCELLED, details: 'Cancelled by the caller' });
    };
    const timer = setTimeout(
      () => {
        call.finish({ code: status.DEADLINE_EXCEEDED, details: 'Deadline exceeded' });
      },
      Math.min(timeoutMs, MAX_TIMER_MS),
    );
    signal?.addEventListener('abort', cancel);
    transport.addActiveCall(call);
    stream.end(request.frame);
  });
}

/** At most eight digits and a unit ("Timeout"). */
function grpcTimeout(ms: number): string {
  return ms < 1e8 ? `${Math.ceil(ms)}m` : `${Math.min(Math.ceil(ms / 1000), 99_999_999)}S`;
}

class UnaryStream<Answer> implements ActiveCall {
  private readonly message: AnswerMessage;
  private httpStatus: number | undefined;
  private ending: Ending | undefined;
  private isReadToEnd = false;
  private isDropped = false;
  private isSettled = false;
  private cause: NodeJS.ErrnoException | undefined;

  constructor(
    private readonly stream: ClientHttp2Stream,
    private readonly request: UnaryRequest<Answer>,
    private readonly settle: (error: CallError | undefined, answer?: Answer) => void,
  ) {
    this.message = new AnswerMessage(request.maxAnswerBytes);
    stream.on('response', (headers, flags) => {
      this.httpStatus = headers[':status'];
      if (flags & constants.NGHTTP2_FLAG_END_STREAM) this.tell(headers);
    });
    stream.on('data', (chunk: Buffer) => {
      this.receive(chunk);
    });
    stream.on('trailers', (trailers: IncomingHttpHeaders) => {
      this.tell(trailers);
    });
    stream.on('end', () => {
      this.isReadToEnd = true;
      if (this.ending !== undefined) this.finish(this.ending);
      // Trailers come in this turn or never. Without them, and with some of the request yet to be sent, Node
      // closes the stream of no error not at all.
      else if (!stream.rstCode) setImmediate(this.finishAsStream);
    });
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.cause = error;
    });
    // After the others, whatever happens.
    stream.on('close', this.finishAsStream);
  }

  private readonly finishAsStream = (): void => {
    const { rstCode } = this.stream;
    this.finish(
      this.ending ??
        (this.isDropped ? DROPPED : endingOfStream(rstCode, this.httpStatus, this.cause)),
    );
  };

  onDisconnect(): void {
    this.isDropped = true;
    // What has come already may still end it well.
    setImmediate(() => {
      this.finish(DROPPED);
    });
  }

  private tell(trailers: IncomingHttpHeaders): void {
    this.ending = endingOfTrailers(trailers, this.httpStatus);
    if (this.isReadToEnd || this.ending.code !== status.OK) this.finish(this.ending);
  }

  private receive(chunk: Buffer): void {
    // Read on, so that the stream can close.
    if (this.isSettled) return;
    try {
      this.message.push(chunk);
    } catch (error) {
      // Some proxies explain a status of theirs in HTML, which is no message.
      const isOther = this.httpStatus !== undefined && this.httpStatus !== 200;
      this.finish(isOther ? endingOfTrailers({}, this.httpStatus) : (error as CallError));
    }
  }

  finish({ code, details }: Ending): void {
    if (this.isSettled) return;
    this.isSettled = true;
    let error = code === status.OK ? undefined : new CallError(code, details);
    let answer: Answer | undefined;
    if (error === undefined) {
      try {
        answer = this.request.read(this.message.whole());
      } catch (cause) {
        error = cause instanceof CallError ? cause : unreadable(cause);
      }
    }
    // Also where the server has answered before it had all: it would never be sent to its end.
    if (this.ending === undefined || !this.stream.writableFinished) this.reset(error);
    this.settle(error, answer);
  }

  private reset(error: CallError | undefined): void {
    const { stream } = this;
    // The server has closed it, but Node waits for what was to be sent.
    if (stream.closed) stream.destroy();
    else stream.close(error ? constants.NGHTTP2_CANCEL : constants.NGHTTP2_NO_ERROR);
  }
}

function unreadable(cause: unknown): CallError {
  const { message } = cause as Error;
  return new CallError(status.INTERNAL, `Response message parsing error: ${message}`);
}
