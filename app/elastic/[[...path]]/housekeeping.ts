/**
 * What Beats, Logstash and Elastic's clients ask before they send: licence, health, nodes, and templates, policies and pipelines they would set up. An
 * audit log needs none of these, so each is there already and whatever is put is acknowledged and changes nothing. Null for anything else.
 */
export function housekeeping(
  method: string,
  [api = '', ...rest]: readonly string[],
  { host, version }: { host: string; version: string },
): Record<string, unknown> | unknown[] | null {
  const isRead = method === 'GET' || method === 'HEAD';
  const below = SET_UP.get(`${api}/${rest[0] ?? ''}`);
  const setUp = below ?? SET_UP.get(api);
  const named = below ? rest.slice(1) : rest;
  if (setUp && named.length <= 1) return isRead ? setUp(named[0]) : named.length === 1 ? { acknowledged: true } : null;
  if (!isRead) return null;
  const path = [api, ...rest].join('/');
  if (path === '_license') return { license: LICENCE };
  if (path === '_xpack')
    return {
      build: {},
      license: LICENCE,
      features: { ilm: { available: false, enabled: false }, monitoring: { available: false, enabled: false } },
      tagline: 'You know, for X',
    };
  if (api === '_cluster' && rest[0] === 'health') return HEALTH;
  if (api === '_nodes')
    return {
      _nodes: { total: 1, successful: 1, failed: 0 },
      cluster_name: NAME,
      nodes: { [NAME]: { name: NAME, version, roles: ['data', 'ingest'], http: { publish_address: host } } },
    };
  if (api === '_cat') return [];
  return null;
}

const NAME = 'sealtrail';
const LICENCE = { status: 'active', uid: NAME, type: 'basic', mode: 'basic', issued_to: NAME, issuer: NAME };
const HEALTH = {
  cluster_name: NAME,
  status: 'green',
  timed_out: false,
  number_of_nodes: 1,
  number_of_data_nodes: 1,
  active_primary_shards: 1,
  active_shards: 1,
  relocating_shards: 0,
  initializing_shards: 0,
  unassigned_shards: 0,
  active_shards_percent_as_number: 100,
};

/** How each kind of set-up is listed, by its name. */
const SET_UP = new Map<string, (name: string | undefined) => Record<string, unknown>>(
  Object.entries({
    '_ilm/policy': (name: string | undefined): Record<string, unknown> =>
      name ? { [name]: { version: 1, policy: { phases: {} } } } : {},
    '_ingest/pipeline': (name: string | undefined): Record<string, unknown> =>
      name ? { [name]: { processors: [] } } : {},
    _index_template: (name: string | undefined): Record<string, unknown> => ({
      index_templates: name ? [{ name, index_template: { index_patterns: [name], composed_of: [] } }] : [],
    }),
    _component_template: (name: string | undefined): Record<string, unknown> => ({
      component_templates: name ? [{ name, component_template: { template: {} } }] : [],
    }),
    _template: (name: string | undefined): Record<string, unknown> =>
      name ? { [name]: { index_patterns: [name], settings: {}, mappings: {}, aliases: {} } } : {},
    _data_stream: (name: string | undefined): Record<string, unknown> => ({
      data_streams: name
        ? [
            {
              name,
              timestamp_field: { name: '@timestamp' },
              indices: [],
              generation: 1,
              status: 'GREEN',
              template: name,
            },
          ]
        : [],
    }),
    _alias: (name: string | undefined): Record<string, unknown> =>
      name ? { [name]: { aliases: { [name]: { is_write_index: true } } } } : {},
  }),
);
