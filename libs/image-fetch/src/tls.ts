import type { Socket } from 'node:net';
import { connect, type SecureContext, type TLSSocket } from 'node:tls';
import type { Signal } from '#cancellation';
import type { Link } from './link.js';

/**
 * TLS over a connection that is already made. The certificate must be valid for the link's host,
 * name or address, whatever address the connection went to; `rejectUnauthorized` is spelled out
 * because NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would turn its default off.
 *
 * @throws Error of the handshake or of the certificate, or the signal's reason
 */
export function secure(
  socket: Socket,
  { host, isAddress }: Link,
  secureContext: SecureContext,
  signal: Signal,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const tlsSocket = connect({
      socket,
      host,
      // SNI carries names only (RFC 6066, section 3).
      servername: isAddress ? '' : host,
      secureContext,
      rejectUnauthorized: true,
      ALPNProtocols: ['http/1.1'],
    });
    const settle = (): void => {
      signal.removeEventListener('abort', onAbort);
      tlsSocket.off('error', onError).off('close', onClose);
      // It may fail after this and before its next user listens; that one finds it destroyed.
      tlsSocket.on('error', () => undefined);
    };
    const onError = (error: Error): void => {
      settle();
      tlsSocket.destroy();
      reject(error);
    };
    const onClose = (): void => {
      onError(new Error('The connection was closed during the TLS handshake'));
    };
    const onAbort = (): void => {
      onError(signal.reason);
    };
    tlsSocket.on('error', onError).on('close', onClose);
    tlsSocket.once('secureConnect', () => {
      settle();
      resolve(tlsSocket);
    });
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
  });
}
