/** Whether a route is asked by an orchestrator, again and again, and by nobody else. */
export function isProbe(route: string | undefined): boolean {
  return route === '/livez' || route === '/readyz' || route?.startsWith('/v2/health/') === true;
}
