import type { Generated } from 'kysely';

/** Of a link only the SHA-256 is kept. */
export type ShareLinksTable = {
  id: Generated<string>;
  token_sha256: string;
  of_kind: 'report-run' | 'package';
  of_id: string;
  note: string | null;
  created_by: string;
  created_by_id: string;
  created_at: Date;
  expires_at: Date;
  revoked_by: string | null;
  revoked_at: Date | null;
  opens: Generated<number>;
  downloads: Generated<number>;
  last_used_at: Date | null;
};
