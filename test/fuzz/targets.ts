import { ServingClient } from '../../apps/model-server/test-fixtures/serving-client.js';
import { checkAnswer, type Answer } from './check-answer.js';
import { Fault } from './fault.js';
import { askFrames, askPredict } from './grpc/ask.js';
import { connectionBytes, frames, METHODS } from './grpc/frame.js';
import { predictMessage } from './grpc/predict-message.js';
import type { Random } from './random.js';
import { ask, askRaw, exchange } from './requests/ask.js';
import { binaryDataRequest } from './requests/binary-data-request.js';
import type { HttpRequest } from './requests/http-request.js';
import { jsonRequest } from './requests/json-request.js';
import { multipartRequest } from './requests/multipart-request.js';
import { pictureRequest } from './requests/picture-request.js';
import { rawRequest } from './requests/raw-request.js';
import type { Stack } from './stack.js';
import { within } from './within.js';

/** A server may wait for what follows a broken frame. */
const IDLE_MS = 200;

/** Something that is sent what it must withstand. */
export interface Target {
  readonly name: string;
  /** Cases at once. */
  readonly width: number;
  /**
   * @returns what the answer is counted as
   * @throws Fault
   */
  run(random: Random): Promise<string>;
}

export function targetsOf({ url, port, grpcPort }: Stack): readonly Target[] {
  const client = new ServingClient(grpcPort);
  const http = (name: string, width: number, make: (random: Random) => HttpRequest): Target => ({
    name,
    width,
    run: async (random) => outcomeOf(await ask(url, make(random))),
  });
  return [
    { name: 'pictures', width: 6, run: (random) => askTwice(url, pictureRequest(random)) },
    http('json', 2, jsonRequest),
    http('multipart', 2, multipartRequest),
    http('binary-data', 2, binaryDataRequest),
    { name: 'http', width: 2, run: (random) => askRaw(port, rawRequest(random)) },
    { name: 'predict', width: 2, run: (random) => askPredict(client, predictMessage(random)) },
    {
      name: 'grpc-frames',
      width: 1,
      run: (random) => askFrames(grpcPort, random.pick(METHODS), frames(random)),
    },
    {
      name: 'http2',
      width: 1,
      run: async (random) => {
        const answer = await within(exchange(grpcPort, connectionBytes(random), IDLE_MS));
        return answer.length === 0 ? 'closed' : 'answered';
      },
    },
  ];
}

/** The same bytes must give the same answer, whatever was decoded in between: else it shows what others sent. */
async function askTwice(url: string, request: HttpRequest): Promise<string> {
  const [first, second] = [await ask(url, request), await ask(url, request)];
  const [outcome, again] = [outcomeOf(first), outcomeOf(second)];
  if (outcome !== again) throw new Fault(`${outcome}, then ${again}`);
  if (first?.status === 200 && !first.body.equals(second!.body)) {
    throw new Fault(`${first.body.toString()}, then ${second!.body.toString()}`);
  }
  return outcome;
}

function outcomeOf(answer: Answer | undefined): string {
  return answer === undefined ? 'closed' : checkAnswer(answer);
}
