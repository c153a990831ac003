import { expect, it } from 'vitest';
import { housekeeping } from './housekeeping';

const ask = (method: string, path: string) =>
  housekeeping(method, path.split('/'), { host: 'sealtrail.example', version: '8.19.0' });

it.each([
  ['GET', '_license', { license: { status: 'active', type: 'basic' } }],
  ['GET', '_xpack', { license: { mode: 'basic' }, features: { ilm: { enabled: false } } }],
  ['GET', '_cluster/health', { status: 'green', timed_out: false }],
  ['GET', '_cluster/health/pipeline', { status: 'green' }],
  ['GET', '_nodes/http', { nodes: { sealtrail: { http: { publish_address: 'sealtrail.example' } } } }],
  ['GET', '_cat/indices', []],
  ['HEAD', '_ilm/policy/filebeat', {}],
  ['GET', '_ilm/policy/filebeat', { filebeat: { policy: { phases: {} } } }],
  ['PUT', '_ilm/policy/filebeat', { acknowledged: true }],
  ['GET', '_index_template/filebeat-8.19.0', { index_templates: [{ name: 'filebeat-8.19.0' }] }],
  ['PUT', '_index_template/filebeat-8.19.0', { acknowledged: true }],
  ['PUT', '_template/logstash', { acknowledged: true }],
  ['PUT', '_data_stream/filebeat', { acknowledged: true }],
])('%s %s is answered', (method, path, answer) => {
  expect(ask(method, path)).toMatchObject(answer);
});

it.each([
  ['PUT', '_cluster/settings'],
  ['GET', '_cluster/settings'],
  ['PUT', '_license'],
  ['POST', '_search'],
  ['GET', 'pipeline/_search'],
  ['PUT', '_index_template'],
  ['PUT', '_ilm/policy'],
  ['GET', '_ilm/policy/a/b'],
  ['GET', 'constructor'],
  ['PUT', '__proto__/x'],
])('%s %s is not there', (method, path) => {
  expect(ask(method, path)).toBeNull();
});
