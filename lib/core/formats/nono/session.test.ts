import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createHasher } from '../../../crypto/hasher';
import { expectedOf, fixture, fixtureNames, fixtureText } from '../../../testing/fixtures';
import { walked } from '../../../testing/reference-finding';
import { checkLedger } from './ledger';
import { InclusionProof, createMerkleTree, provesInclusion } from './merkle';
import { referenceNono } from './reference';
import { NonoSession, sessionDigest } from './session';

const hasher = await createHasher();
const sessionText = fixtureText('nono', 'session.json');
const session = NonoSession.parse(JSON.parse(sessionText));
const proofs = z.array(InclusionProof).parse(JSON.parse(fixtureText('nono', 'proofs.json')));
const leaves = fixture('nono', 'valid')
  .toString('utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line): string => JSON.parse(line).leaf_hash);
const treeOf = (list: readonly string[]) => {
  const tree = createMerkleTree(hasher);
  for (const leaf of list) tree.add(leaf);
  return tree.root();
};

describe('the tree over a session', () => {
  it('has the root its session file states', () => {
    expect(treeOf(leaves)).toBe(session.audit_integrity?.merkle_root);
    expect(treeOf([])).toBe(hasher.sha256(new Uint8Array(0)));
  });

  it.each(proofs)('holds leaf $leaf_index, by its proof', (proof) => {
    expect(proof.leaf_hash).toBe(leaves[proof.leaf_index]);
    expect(provesInclusion(hasher, proof)).toBe(true);
  });

  it('holds no other leaf, nor any by a proof that was changed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...proofs),
        fc.nat(),
        fc.constantFrom('leaf', 'index', 'sibling', 'side', 'more', 'less', 'root'),
        (proof, at, what) => {
          const index = at % proof.siblings.length;
          const other = 'f'.repeat(64);
          const sibling = proof.siblings[index] ?? { direction: 'left', hash: other };
          const changed = {
            leaf: { ...proof, leaf_hash: other },
            index: { ...proof, leaf_index: (proof.leaf_index + 1 + (at % (proof.leaf_count - 1))) % proof.leaf_count },
            sibling: { ...proof, siblings: proof.siblings.with(index, { ...sibling, hash: other }) },
            side: {
              ...proof,
              siblings: proof.siblings.with(index, {
                ...sibling,
                direction: sibling.direction === 'left' ? ('right' as const) : ('left' as const),
              }),
            },
            more: { ...proof, siblings: [...proof.siblings, sibling] },
            less: { ...proof, siblings: proof.siblings.slice(1) },
            root: { ...proof, merkle_root: other },
          }[what];
          expect(provesInclusion(hasher, changed)).toBe(false);
        },
      ),
    );
  });
});

describe('a session', () => {
  const { session_digest_of_session_json: digest, session_id_in_ledger_seq: row } = z
    .object({ session_digest_of_session_json: z.string(), session_id_in_ledger_seq: z.int() })
    .parse(JSON.parse(fixtureText('nono', 'expected.json')));
  const ledger = fixtureText('nono', 'ledger.ndjson');

  it('has the digest the ledger has, however its file is spaced', () => {
    expect(sessionDigest(hasher, sessionText)).toBe(digest);
    expect(sessionDigest(hasher, JSON.stringify(JSON.parse(sessionText)))).toBe(digest);
    expect(checkLedger(hasher, ledger)).toMatchObject({ problem: null, rows: 5 });
    expect(checkLedger(hasher, ledger).sessions.get(session.session_id)).toMatchObject({ digest });
  });

  it('has another digest when anything of it was changed', () => {
    expect(sessionDigest(hasher, sessionText.replace('"exit_code": -1', '"exit_code": 0'))).not.toBe(digest);
    expect(sessionDigest(hasher, '{}')).toBeNull();
    expect(sessionDigest(hasher, 'no JSON')).toBeNull();
  });

  it.each([
    ['changed', (lines: string[]) => lines.with(row, (lines[row] ?? '').replace('20:05:00Z', '20:06:00Z')), row + 1],
    ['removed', (lines: string[]) => lines.toSpliced(row, 1), row + 1],
    ['swapped', (lines: string[]) => lines.with(1, lines[2] ?? '').with(2, lines[1] ?? ''), 2],
    ['torn', (lines: string[]) => lines.with(4, (lines[4] ?? '').slice(0, 40)), 5],
  ])('is not in a ledger whose row was %s', (_, change, line) => {
    expect(checkLedger(hasher, change(ledger.split('\n')).join('\n')).problem).toMatchObject({ line });
  });

  it.each(fixtureNames('nono'))('makes the reference verifier say of %s what is expected', (name) => {
    const { err = 'VERIFIED', line = null } = expectedOf('nono', `${name}.jsonl`).with_session_json ?? {};
    const said = walked(referenceNono(hasher, session), fixture('nono', name));
    expect(said.line).toBe(line);
    expect(said.message).toContain(err);
  });
});
