/** The workspace every installation has. */
export const DEFAULT_WORKSPACE = 'default';

/** Of an id of a workspace, as a part of a regular expression: lower-case letters, digits and hyphens, at most 32. It stands in addresses and in the names of schemas. */
export const WORKSPACE_ID = '[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?';

/** Which workspace an address below `/w/` is of: set by our own server alone. */
export const WORKSPACE_HEADER = 'x-sealtrail-workspace';
