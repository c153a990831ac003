import 'server-only';
import { VERIFIER_PROGRAM } from '../../config/verifier-html';
import { many } from '../../core/text/words';
import type { RecordSample } from '../../core/sampling/record-sample';

type Listed = RecordSample['records'][number] & { files: { line: string; proof: string | null } };

/** What an auditor reads first: what was drawn of what, and the commands that draw it again without its maker. */
export function sampleReadme(sample: RecordSample, records: readonly Listed[], publicUrl: string): string {
  const { population, seed, size } = sample;
  const proven = records.filter(({ files }) => files.proof !== null);
  return `# Sample of ${many(records.length, 'record')}

Drawn of ${many(population.records, 'record')} by the seed \`${seed}\`: those whose SHA-256 over seed, newline and line is least. \`sample.json\` says
which, \`lines/\` has each as it was written, \`proofs/\` what proves it to have been in its chain: ${proven.length} of ${records.length}. Which records
are drawn hangs on the seed and on the records alone, so whoever is to believe the sample chooses the seed.

## 1. The population

Every line that the search finds, in one file, oldest first:

\`\`\`sh
curl -f -H "Authorization: Bearer $SEALTRAIL_TOKEN" -o population.ndjson '${publicUrl}${populationPath(sample)}'
\`\`\`

\`\`\`sh
echo '${population.sha256}  population.ndjson' | sha256sum -c -
\`\`\`

Whether these are all there are, the logs themselves say: they are in the evidence package of the period, or with whoever wrote them.

## 2. The draw

\`${VERIFIER_PROGRAM}\` is one file that needs Node 20.15 or newer and nothing else; to be sure of it, take it from a Sealtrail of your own.

\`\`\`sh
node ${VERIFIER_PROGRAM} sample population.ndjson --seed ${seed} --size ${size} --check sample.json
\`\`\`

Without any program of ours, a thousand lines in some seconds; each line is a rank and the number of a line, as in \`sample.json\`:

\`\`\`sh
n=0; while IFS= read -r line; do
  printf '%s %d\\n' "$(printf '%s\\n%s' '${seed}' "$line" | sha256sum | cut -c1-64)" $n; n=$((n + 1))
done < population.ndjson | sort | head -n ${size}
\`\`\`

## 3. The proofs

\`signing-keys.json\` is the list of ${publicUrl}/api/v1/signing-keys, every key that ever signed there, as you were given it by other means, or compared with what you were given.

\`\`\`sh
for proof in proofs/*.proof.json; do node ${VERIFIER_PROGRAM} verify-proof "$proof" --key signing-keys.json || echo "does not hold: $proof"; done
\`\`\`
${proven.length === records.length ? '' : '\nRecords without a proof are covered by no attestation that stands yet.\n'}`;
}

/** Where the population is to be had. */
function populationPath({ population: { q, from, to, chainId } }: RecordSample): string {
  const query = new URLSearchParams({
    ...(q !== '' && { q }),
    ...(from !== null && to !== null && { from, to }),
    ...(chainId !== null && { chain: chainId }),
  });
  return `/api/v1/events.ndjson?${query.toString().replaceAll("'", '%27')}`;
}
