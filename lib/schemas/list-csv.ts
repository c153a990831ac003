import * as z from 'zod';
import { ChainsQuery, RecordsQuery } from './chains';
import { FindingsQuery } from './findings';

/** `bom=1` for Excel. */
const Bom = { bom: z.stringbool().default(false) };
const WHOLE = { cursor: true, limit: true } as const;

/** What a list is narrowed by, of which the CSV is always the whole. */
export const ChainsCsvQuery = ChainsQuery.omit(WHOLE).extend(Bom);
export const FindingsFileQuery = FindingsQuery.omit({ ...WHOLE, total: true });
export const FindingsCsvQuery = FindingsFileQuery.extend(Bom);
export const AttestationsCsvQuery = z.object({ chainId: z.uuid().optional(), ...Bom });
export const ChainTableCsvQuery = RecordsQuery.omit(WHOLE).extend(Bom);
export const FindingCsvQuery = z.object(Bom);
export const RuleRunsCsvQuery = z.object(Bom);
export type ListQueries = {
  chains: Omit<z.output<typeof ChainsCsvQuery>, 'bom'>;
  findings: Omit<z.output<typeof FindingsCsvQuery>, 'bom'>;
  records: Omit<z.output<typeof ChainTableCsvQuery>, 'bom'>;
};

/** Tables of a chain that can be had as a CSV. */
export const ChainTable = z.enum(['records', 'problems', 'segments', 'heads', 'uploads', 'sidecars']);
export type ChainTable = z.infer<typeof ChainTable>;
