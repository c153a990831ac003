import { Link } from '@/app/_components/ui/link';
import { ChainRibbon } from '@/app/_components/ribbon/chain-ribbon';
import { Card } from '@/app/_components/ui/card';
import { FORMAT_LABEL } from '@/lib/schemas/formats';
import { VerdictSentence } from '@/app/_components/verdict/verdict-sentence';
import { VerdictMark } from '@/app/_components/verdict/verdict-mark';
import { holds } from '@/app/_components/verdict/verdicts';
import type { Chain } from '@/lib/schemas/chains';
import type { RibbonParts } from '../../ribbon-parts';

/** The chains a person should look at first, each with its ribbon; the newest when all hold. */
export function Attention({ chains, parts }: { chains: readonly Chain[]; parts: readonly RibbonParts[] }) {
  const calm = chains.every(({ verdict }) => holds(verdict) || verdict === 'pending');
  return (
    <Card
      title={calm ? 'Newest chains' : 'Chains that need attention'}
      flush
      aside={
        <Link className="link" href="/chains">
          All chains
        </Link>
      }
    >
      <ul className="divide-y divide-line">
        {chains.map((chain, at) => (
          <li key={chain.id} className="px-4 pt-3 pb-2">
            <div className="flex flex-wrap items-baseline gap-x-3">
              <Link href={`/chains/${chain.id}`} className="link text-base font-medium [overflow-wrap:anywhere]">
                {chain.name}
              </Link>
              <VerdictMark verdict={chain.verdict} />
              <span className="text-xs text-faint">{FORMAT_LABEL[chain.format]}</span>
            </div>
            <p className="mt-0.5 mb-2 text-muted">{chain.failure ?? <VerdictSentence chain={chain} />}</p>
            {parts[at] && (
              <div className="-mx-3">
                <ChainRibbon chain={chain} {...parts[at]} height={24} plain />
              </div>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
