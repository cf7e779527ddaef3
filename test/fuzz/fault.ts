/** What must not have happened. */
export class Fault extends Error {
  override readonly name = 'Fault';
}
