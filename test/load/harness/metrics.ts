/** Values by series as Prometheus's text format writes them, such as `name{label="value"}`. */
export type Metrics = ReadonlyMap<string, number>;

export async function metricsOf(url: string): Promise<Metrics> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  const values = new Map<string, number>();
  for (const line of (await response.text()).split('\n')) {
    const space = line.lastIndexOf(' ');
    if (space > 0 && !line.startsWith('#'))
      values.set(line.slice(0, space), Number(line.slice(space + 1)));
  }
  return values;
}

/** How much a series has grown; one that was not there before began at 0. */
export function growth(before: Metrics, after: Metrics, series: string): number {
  return (after.get(series) ?? 0) - (before.get(series) ?? 0);
}
