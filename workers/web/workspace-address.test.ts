import { expect, it } from 'vitest';
import { workspaceAddress } from './workspace-address';

it.each([
  ['/w/team-b/tlog/checkpoint', '/tlog/checkpoint'],
  ['/w/team-b/tlog/tile/0/000?x=1', '/tlog/tile/0/000?x=1'],
  ['/w/team-b/api/v1/signing-keys/a.pem', '/api/v1/signing-keys/a.pem'],
  ['/w/team-b/trust', '/trust'],
])('%s is answered as %s of that workspace', (url, answered) => {
  expect(workspaceAddress(url)).toEqual({ url: answered, workspaceId: 'team-b' });
});

it.each([
  ['/w/team-b/chains/1?tab=heads', '/open?workspace=team-b&to=%2Fchains%2F1%3Ftab%3Dheads'],
  ['/w/team-b', '/open?workspace=team-b&to=%2F'],
  // Neither is of what a workspace publishes.
  ['/w/team-b/api/auth/get-session', '/open?workspace=team-b&to=%2Fapi%2Fauth%2Fget-session'],
  ['/w/team-b/tlogs', '/open?workspace=team-b&to=%2Ftlogs'],
])('%s leads into the workspace first', (url, answered) => {
  expect(workspaceAddress(url)).toEqual({ url: answered, workspaceId: null });
});

it.each(['/', '/w', '/w/', '/w/UPPER/tlog', '/w/a_b/tlog', '/w/-a/tlog', '/ww/team-b/tlog', '/tlog/w/team-b'])(
  '%s is of no workspace by its address',
  (url) => {
    expect(workspaceAddress(url)).toBeNull();
  },
);
