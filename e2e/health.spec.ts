import { expect, test } from '@playwright/test';
import { installation, sealtrail } from './installation';

test('liveness and readiness answer anyone; metrics need a token that may read, and count what was taken in', async () => {
  const { url } = installation();
  expect(await (await fetch(`${url}/api/health/live`)).json()).toEqual({ status: 'ok' });
  expect(await (await fetch(`${url}/api/health/ready`)).json()).toEqual({ status: 'ok' });
  expect(await (await fetch(`${url}/api/health`)).json()).toMatchObject({ status: 'ok', writing: 'ok', cause: null });
  expect((await fetch(`${url}/metrics`)).status).toBe(401);

  const headers = {
    Authorization: `Bearer ${await sealtrail('token', 'create', '--scopes', 'ingest,read', '--name', 'metrics test')}`,
  };
  const metric = async (name: string) => {
    const text = await (await fetch(`${url}/metrics`, { headers })).text();
    return text
      .split('\n')
      .filter((line) => line.startsWith(name))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  };
  const before = {
    refused: await metric('sealtrail_refused_total{cause="bad_request"'),
    committed: await metric('sealtrail_append_commit_seconds_count'),
  };
  expect((await fetch(`${url}/api/v1/chains/metrics/records`, { method: 'POST', headers })).status).toBe(400);
  expect(await metric('sealtrail_refused_total{cause="bad_request"')).toBe(before.refused + 1);
  const line =
    '{"audit_schema":1,"ts":"2026-05-11T08:00:00Z","event_id":"m","agent":"m","kind":"tool_call","tool_name":"t","action":"PASS"}\n';
  expect(
    (await fetch(`${url}/api/v1/chains/metrics/records?format=occasio`, { method: 'POST', headers, body: line }))
      .status,
  ).toBe(200);
  expect(await metric('sealtrail_append_commit_seconds_count')).toBe(before.committed + 1);
  expect(await metric('sealtrail_degraded')).toBe(0);
  expect(await metric('sealtrail_open_bytes')).toBeGreaterThanOrEqual(line.length);
});
