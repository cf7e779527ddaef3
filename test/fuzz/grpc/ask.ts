import { status, type ServiceError } from '@grpc/grpc-js';
import { connect, constants, type IncomingHttpHeaders } from 'node:http2';
import type { ServingClient } from '../../../apps/model-server/test-fixtures/serving-client.js';
import { Fault } from '../fault.js';
import { within } from '../within.js';

const PREDICT = '/tensorflow.serving.PredictionService/Predict';

/** What a message can be told that is at fault itself. */
const OWN_FAULT = [status.INVALID_ARGUMENT, status.NOT_FOUND, status.FAILED_PRECONDITION];

/** What large requests at once can bring about. */
const QUEUE_FULL = 'The batch scheduling queue to which this task was submitted is full';

/** What is not protobuf, gRPC's servers answer with INTERNAL; grpc-js in these words. */
const UNREADABLE = 'Error deserializing request';

/** @throws Fault */
export async function askPredict(client: ServingClient, message: Buffer): Promise<string> {
  try {
    await within(client.raw(PREDICT, message));
    return 'OK';
  } catch (error) {
    if (error instanceof Fault) throw error;
    const { code, details } = error as ServiceError;
    const isAllowed =
      OWN_FAULT.includes(code) ||
      (code === status.RESOURCE_EXHAUSTED && details === QUEUE_FULL) ||
      (code === status.INTERNAL && details === UNREADABLE);
    if (!isAllowed) throw new Fault(`${status[code]}: ${details}`);
    return status[code];
  }
}

/** A call of which nothing is right but its head: answered with a status, or the stream is reset. */
export async function askFrames(port: number, method: string, frames: Buffer): Promise<string> {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on('error', () => undefined);
  try {
    const outcome = new Promise<string>((resolve) => {
      const stream = session.request({
        [constants.HTTP2_HEADER_METHOD]: 'POST',
        [constants.HTTP2_HEADER_PATH]: `/${method}`,
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      let code: string | undefined;
      const note = (headers: IncomingHttpHeaders & { 'grpc-status'?: string }): void => {
        code ??= headers['grpc-status'];
      };
      stream.on('response', note).on('trailers', note);
      stream.on('error', () => undefined);
      stream.once('close', () => {
        resolve(code === undefined ? 'reset' : status[Number(code)]!);
      });
      stream.resume();
      stream.end(frames);
    });
    return await within(outcome);
  } finally {
    session.destroy();
  }
}
