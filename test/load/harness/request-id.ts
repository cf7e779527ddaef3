/** `X-Request-Id` of a request, which goes on to the model: tells it the first picture asked about. */
export function requestIdOf(picture: number, serial: number): string {
  return `picture.${picture}.${serial}`;
}

/** The number of the picture; undefined for requests of others, such as the gateway's own. */
export function pictureOf(requestId: string): number | undefined {
  const number = /^picture\.(\d+)\.\d+$/.exec(requestId)?.[1];
  return number === undefined ? undefined : Number(number);
}
