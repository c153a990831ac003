import { Download } from 'lucide-react';
import { Link } from '@/app/_components/ui/link';
import { buttonClass } from '@/app/_components/ui/button';
import { Card } from '@/app/_components/ui/card';
import { Command } from '@/app/_components/ui/command';
import { PageHead } from '@/app/_components/ui/page-head';
import { context } from '@/lib/compose';
import { apiDocument } from '@/lib/config/api-document';
import { Address } from './_components/operation-card';
import { SchemaFields } from './_components/schema-fields';
import { Words } from './_components/words';
import { partsOf } from './parts';

export const metadata = { title: 'API' };
export const dynamic = 'force-dynamic';

/** The whole API at a glance, for anybody: every operation leads to all that is to know of it. */
export default async function ApiPage() {
  const { env } = await context();
  const document = await apiDocument(env.publicUrl);
  const url = document.servers[0]?.url ?? env.publicUrl;
  const problem = document.components.schemas['ProblemDetails'];
  return (
    <>
      <PageHead
        title="API"
        lead={<Words>{document.info.description}</Words>}
        actions={
          <a href="/api/openapi.json" download="openapi.json" className={buttonClass('plain')}>
            <Download size={14} aria-hidden />
            OpenAPI document
          </a>
        }
      />
      <div className="space-y-4">
        <Card title="Credentials">
          <div className="space-y-3">
            {Object.entries(document.components.securitySchemes).map(([name, { description }]) => (
              <p key={name} className="max-w-[80ch]">
                <Words>{description}</Words>
              </p>
            ))}
            <Command>{`curl -f -H "Authorization: Bearer $SEALTRAIL_TOKEN" \\\n  '${url}/api/v1/chains'`}</Command>
          </div>
        </Card>
        {partsOf(document).map(({ name, description, slug, operations }) => (
          <Card
            key={slug}
            title={
              <Link href={`/docs/api/${slug}`} className="link">
                {name}
              </Link>
            }
            aside={<span>{description}</span>}
          >
            <ul className="space-y-2">
              {operations.map(({ at, method, operation }) => (
                <li key={operation.operationId} className="grid gap-x-4 md:grid-cols-2">
                  <Link href={`/docs/api/${slug}#${operation.operationId}`} className="link min-w-0">
                    <Address method={method} at={at} />
                  </Link>
                  <span className="min-w-0 text-muted">
                    <Words>{operation.summary}</Words>
                  </span>
                </li>
              ))}
            </ul>
          </Card>
        ))}
        {problem && (
          <Card title="Failures" flush>
            <SchemaFields schema={problem} label="Fields of a failure" />
          </Card>
        )}
      </div>
    </>
  );
}
