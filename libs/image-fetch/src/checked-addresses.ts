import type { Signal } from '#cancellation';
import type { AllowList } from './allow-list.js';
import { ForbiddenLinkError, ImageSourceFailedError } from './errors.js';
import type { Link } from './link.js';
import type { LookupQueue } from './lookup-queue.js';
import { isPublicAddress } from './public-address.js';

/**
 * The addresses that a connection for `link` may go to. They are resolved here once; whoever connects
 * uses them and never the name again, so a name cannot change its mind after the check (DNS
 * rebinding). An address written in the link passes the same check: no lookup would ever see it.
 *
 * One forbidden address among several refuses them all: a public name has no honest reason to point
 * inside, and which of them a connection reaches is not to be left to chance.
 *
 * @throws ForbiddenLinkError if one of them is neither public nor on the allow list
 * @throws ImageSourceFailedError if the name does not resolve
 */
export async function checkedAddresses(
  { host, isAddress, port }: Link,
  allow: AllowList,
  lookups: LookupQueue,
  signal: Signal,
): Promise<string[]> {
  const addresses = isAddress ? [host] : await resolve(host, lookups, signal);
  const allowed =
    (!isAddress && allow.allowsHost(host, port)) ||
    addresses.every((address) => isPublicAddress(address) || allow.allowsAddress(address, port));
  if (!allowed) throw new ForbiddenLinkError();
  return addresses;
}

async function resolve(host: string, lookups: LookupQueue, signal: Signal): Promise<string[]> {
  let cause: unknown;
  try {
    const addresses = await lookups.resolve(host, signal);
    if (addresses.length > 0) return addresses;
  } catch (error) {
    signal.throwIfAborted();
    cause = error;
  }
  throw new ImageSourceFailedError('The host name of the image link does not resolve.', { cause });
}
