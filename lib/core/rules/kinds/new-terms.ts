import * as z from 'zod';
import { type GroupColumn, isColumn, isTextColumn, type TextColumn } from '../columns';
import type { RuleDocument } from '../documents';
import { columnOf } from '../matched-sql';
import { text as textOf } from '../matches';
import { text } from '../predicate-sql';
import { windowUs } from '../rule';
import { eventCount } from './event-count';
import {
  type Correlation,
  type KindSql,
  type Past,
  type SqlNames,
  allButRecords,
  defineExtension,
  peakOf,
} from './kind';
import { History, least, readPast } from './past';
import { alongSql, everyoneSql } from './past-sql';
import { conditionSql } from './windows-sql';

/**
 * Records with a term, the values of some fields together, that no record of the rules had in the history of the same group. A finding is of one term: the
 * fields stand behind those it is grouped by.
 */
type NewTerms = Correlation & {
  type: 'new_terms';
  past: Past;
  over: Correlation;
  /** Fewer records of the group in the history are a cold start, which finds nothing. */
  warmRecords: number;
};

const MOST_FIELDS = 8;
const Attribute = z.strictObject({
  fields: z.array(z.string()).min(1).max(MOST_FIELDS),
  history: History,
  warm: z.strictObject({ records: least }).default({ records: 1 }),
});
const Section = z.object({
  type: z.literal('event_count', 'new terms are of event_count'),
  aliases: z.unknown().optional(),
});

export const newTerms = defineExtension<NewTerms>({
  type: 'new_terms',
  attribute: Attribute,
  parse: (written, rules, document) => {
    const { refuse } = document;
    const section = Section.safeParse(written);
    if (!section.success)
      return refuse(['correlation', 'type'], section.error.issues[0]?.message ?? 'has no new terms');
    const { new_terms: _, level: __, ...plain } = written as Record<string, unknown>; // a section and what narrows it, as their schemas took them
    const { fields, history, warm } = z.object({ new_terms: Attribute }).parse(written).new_terms;
    const read = eventCount.parse(plain, rules, document);
    const past = readPast('new_terms', history, section.data, read, document);
    const columns = fields.map((name, index) => readField(name, index, document));
    const over = {
      ...read,
      groupBy: [...read.groupBy, ...columns.map(columnOf)],
      groupColumns: read.groupColumns.map((group) => [...group, ...columns]),
    };
    const twice = columns.findIndex(
      (column, index) => over.groupBy.indexOf(columnOf(column)) < read.groupBy.length + index,
    );
    if (twice >= 0) refuse(['new_terms', 'fields', twice], 'is grouped by already');
    return { ...over, type: 'new_terms', past, over, warmRecords: warm.records };
  },
  shape: ({ over: _, ...rest }) => allButRecords(rest),
  sql: newTermsSql,
  value: (correlation) => ({
    sql: 'toUInt8(0)',
    columns: [],
    stated: termsOf(correlation)
      .map((column) => `${text(column)} != ''`)
      .join(' AND '),
  }),
  meaning: (correlation) => {
    const { past, over, timespanMs, warmRecords } = correlation;
    const plain = eventCount.meaning(over);
    return {
      isStated: (event) => termsOf(correlation).every((column) => textOf(event, column) !== ''),
      measure: (window, around) => {
        const { measured, isHit } = plain.measure(window, around);
        const beginsUs = around.t - timespanMs * 1000;
        const fromUs = past.lengthMs === null ? 0 : beginsUs - past.lengthMs * 1000;
        const isBefore = ({ t }: { t: number }) => t >= fromUs && t < beginsUs;
        const isWarm = around.everyone.filter(isBefore).length >= warmRecords;
        return { measured, isHit: isHit && isWarm && !around.group.some(isBefore) };
      },
    };
  },
  needs: ({ over, warmRecords }) => ({ ...eventCount.needs(over), before: { records: warmRecords, isFirst: true } }),
  measuresOf: peakOf,
});

/** Fields are compared as values are: in lower case, unless they are cased. */
function readField(written: string, index: number, { refuse }: RuleDocument): GroupColumn {
  const path = ['new_terms', 'fields', index];
  const [name = '', modifier, ...more] = written.split('|');
  if (more.length > 0 || (modifier !== undefined && modifier !== 'cased'))
    return refuse(path, 'takes no modifier but "cased"');
  if (!isTextColumn(name))
    return refuse(
      path,
      isColumn(name) ? `"${name}" holds numbers; terms are texts` : `"${name}" is no field of a record`,
    );
  return modifier === 'cased' ? name : { lower: name };
}

function termsOf({ groupColumns: [columns = []], past }: NewTerms): TextColumn[] {
  return columns.slice(past.fields).map(columnOf);
}

/** Windows that are hits of the plain correlation, whose term was not there before, in a group that is known well enough. */
function newTermsSql([correlation]: readonly [NewTerms, ...NewTerms[]], names: SqlNames): KindSql {
  const { marks, counted, as, from, span, seen, earlier, bound } = names;
  const { past, conditions, timespanMs, warmRecords } = correlation;
  const [plain, fresh, due, known, along] = ['plain', 'fresh', 'due', 'known', 'along'].map(
    (name) => `${counted}_${name}`,
  ) as [string, string, string, string, string]; // as many as there are names
  const rows = `SELECT g, t AS pos, c AS records FROM ${known}`;
  const isOver = conditionSql(conditions, 'amount', (value) => bound(value, 'UInt64'));
  const forgotten = past.lengthMs === null ? '' : ` OR newest <= t - ${windowUs(timespanMs) + past.lengthMs * 1000}`;
  // the group that a term is of: the values before those of the term, and the chain behind them
  const group = names.groupOf(`arrayConcat(arraySlice(any(named), 1, ${past.fields}), arraySlice(any(named), -1))`);
  return {
    ctes: [
      // as `countedBy`, with the `last` before each window: a match is one from where it leaves it on
      `${marks} AS (
    SELECT g, mark.1 AS pos, sum(mark.2) AS amount, max(mark.3) AS gone, max(mark.2 > 0) AS is_match, any(of) AS of
    FROM (SELECT g, t, toInt64(count()) AS c, ${group} AS of FROM ${seen} GROUP BY g, t) ARRAY JOIN [(t, c, 0), (t + ${span}, -c, t)] AS mark GROUP BY g, pos
  )`,
      `${plain} ${as} (
    SELECT g, pos AS t, of, toFloat64(amount) AS measured, ${isOver} AS hit, last
    FROM (
      SELECT g, pos, of, is_match, sum(amount) OVER along AS amount, max(gone) OVER along AS last
      FROM ${marks} WINDOW along AS (PARTITION BY g ORDER BY pos ROWS UNBOUNDED PRECEDING)
    )
    WHERE is_match
  )`,
      `${fresh} ${as} (
    SELECT g, t, of, if(last = 0, before, last) AS newest
    FROM (SELECT g, t, of, last FROM ${plain} WHERE hit AND t >= ${from}) AS hits
      LEFT ANY JOIN (SELECT g, max(t) AS before FROM ${earlier} GROUP BY g) AS gone USING (g)
    WHERE newest = 0${forgotten}
  )`,
      `${due} ${as} (SELECT DISTINCT of AS g, t FROM ${fresh})`,
      everyoneSql(known, due, names),
      alongSql({ name: along, told: 'records', rows, due, past }, names),
      `${counted} ${as} (
    SELECT g, t, measured, is_new AS hit, toUInt8(0) AS severity
    FROM (SELECT g, t, measured FROM ${plain}) AS least_of LEFT JOIN (
      SELECT g, t, toUInt8(1) AS is_new FROM ${fresh} AS fresh
        INNER JOIN (SELECT g AS of, t, records_before FROM ${along}) AS groups USING (of, t) WHERE records_before >= ${bound(warmRecords, 'UInt64')}
    ) AS found USING (g, t)
  )`,
    ].join(',\n  '),
  };
}
