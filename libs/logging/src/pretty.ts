import type { DestinationStream } from 'pino';

/** Loaded only where it is asked for: a pod's cold start does not pay for a terminal's colours. */
export async function pinoPretty(): Promise<DestinationStream> {
  const { default: pretty } = await import('pino-pretty');
  return pretty({
    colorize: process.stdout.isTTY,
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss',
  });
}
