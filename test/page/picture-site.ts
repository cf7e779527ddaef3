import type { ServerResponse } from 'node:http';
import { startOrigin } from '../support/origin.js';

/** A site that links lead to. */
export interface PictureSite {
  url: string;
  /** Sends every picture asked for under `/held` so far. */
  release(): void;
  close(): Promise<void>;
}

/** Serves `picture` at any path: under `/held` when released, under `/missing` not at all. */
export async function startPictureSite(picture: Buffer): Promise<PictureSite> {
  const held: ServerResponse[] = [];
  const send = (response: ServerResponse): void => {
    response.setHeader('content-type', 'image/jpeg').end(picture);
  };
  const origin = await startOrigin((request, response) => {
    if (request.url?.startsWith('/missing')) response.writeHead(404).end();
    else if (request.url?.startsWith('/held')) held.push(response);
    else send(response);
  });
  return {
    url: origin.url,
    close: () => origin.close(),
    release: () => {
      held.splice(0).forEach(send);
    },
  };
}
