/** What an API token may do. Apart from the schema made of it: the command line names them without loading one. */
export const SCOPES = ['ingest', 'read'] as const;
