/** The workspace every installation has. */
export const DEFAULT_WORKSPACE = 'default';

/** What ids of workspaces look like, as a part of a regular expression. */
export const WORKSPACE_ID = '[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?';

/** Which workspace an address below `/w/` is of: set by our own server alone. */
export const WORKSPACE_HEADER = 'x-sealtrail-workspace';
