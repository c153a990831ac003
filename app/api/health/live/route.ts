/** Liveness: this process answers. It asks nothing of any other part, so that their trouble never restarts it. */
export function GET(): Response {
  return Response.json({ status: 'ok' }, { headers: { 'Cache-Control': 'no-store' } });
}
