import { isIPv6, type Socket } from 'node:net';
import type { Signal } from '#cancellation';

/** Head start of each address over the next (RFC 8305, section 5). */
const ATTEMPT_DELAY_MS = 250;

/** A name with thousands of addresses must not make a port scanner of us. */
const MAX_ATTEMPTS = 8;

/**
 * The first of `addresses` to accept a TCP connection ("happy eyeballs", RFC 8305): each is tried
 * when the one before fails or is slow, IPv6 and IPv4 by turns. Losers are closed.
 *
 * @param open starts a connection to one address
 * @throws AggregateError with every attempt's failure, or the signal's reason
 */
export function connectToFirst(
  addresses: string[],
  open: (address: string) => Socket,
  signal: Signal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const untried = alternateFamilies(addresses).slice(0, MAX_ATTEMPTS);
    const attempts = new Set<Socket>();
    const failures: unknown[] = [];
    let timer: NodeJS.Timeout | undefined;

    const settle = (winner?: Socket): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      for (const attempt of attempts) if (attempt !== winner) attempt.destroy();
      attempts.clear();
    };
    const onAbort = (): void => {
      settle();
      reject(signal.reason);
    };
    const tryNext = (): void => {
      clearTimeout(timer);
      const address = untried.shift();
      if (address !== undefined) {
        attempt(address);
        if (untried.length > 0) timer = setTimeout(tryNext, ATTEMPT_DELAY_MS);
      } else if (attempts.size === 0) {
        settle();
        reject(new AggregateError(failures, 'No address accepted a connection'));
      }
    };
    const attempt = (address: string): void => {
      const socket = open(address);
      attempts.add(socket);
      // Stays on: a connection may fail before its next user listens, who finds it destroyed.
      socket.on('error', (error) => {
        failures.push(error);
        if (attempts.delete(socket)) tryNext();
      });
      socket.once('connect', () => {
        if (!attempts.has(socket)) return;
        settle(socket);
        resolve(socket);
      });
    };

    if (signal.aborted) onAbort();
    else {
      signal.addEventListener('abort', onAbort);
      tryNext();
    }
  });
}

/** Keeps each family's order and starts with the family of the first address. */
function alternateFamilies(addresses: string[]): string[] {
  const first = isIPv6(addresses[0] ?? '');
  const same = addresses.filter((address) => isIPv6(address) === first);
  const other = addresses.filter((address) => isIPv6(address) !== first);
  return same
    .flatMap((address, index) => [address, ...other.slice(index, index + 1)])
    .concat(other.slice(same.length));
}
