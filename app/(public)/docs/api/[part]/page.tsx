import { Link } from '@/app/_components/ui/link';
import { notFound } from 'next/navigation';
import { Card } from '@/app/_components/ui/card';
import { PageHead } from '@/app/_components/ui/page-head';
import { context } from '@/lib/compose';
import { apiDocument } from '@/lib/config/api-document';
import { OperationCard } from '../_components/operation-card';
import { SchemaFields } from '../_components/schema-fields';
import { Words } from '../_components/words';
import { partsOf, schemasOf } from '../parts';

type Params = { params: Promise<{ part: string }> };

export async function generateMetadata({ params }: Params) {
  const { part: slug } = await params;
  const part = partsOf(await apiDocument((await context()).env.publicUrl)).find((one) => one.slug === slug);
  return { title: part ? `${part.name}, API` : 'API' };
}

/** One part of the API, for anybody: its operations in full, and every schema they lead to. */
export default async function ApiPartPage({ params }: Params) {
  const { part: slug } = await params;
  const { env } = await context();
  const document = await apiDocument(env.publicUrl);
  const part = partsOf(document).find((one) => one.slug === slug);
  if (!part) notFound();
  return (
    <>
      <PageHead
        above={
          <Link href="/docs/api" className="link text-xs">
            API
          </Link>
        }
        title={part.name}
        lead={part.description}
      />
      <div className="space-y-4">
        {part.operations.map((placed) => (
          <OperationCard
            key={placed.operation.operationId}
            url={document.servers[0]?.url ?? env.publicUrl}
            placed={placed}
          />
        ))}
        {schemasOf(document, part.operations).map((name) => {
          const schema = document.components.schemas[name];
          return (
            schema && (
              <div key={name} id={`schema-${name}`} className="scroll-mt-4">
                <Card title={<span className="font-mono text-[0.95em]">{name}</span>}>
                  {schema.description && (
                    <p className="mb-3 max-w-[80ch]">
                      <Words>{schema.description}</Words>
                    </p>
                  )}
                  <SchemaFields schema={schema} label={`Fields of ${name}`} />
                </Card>
              </div>
            )
          );
        })}
      </div>
    </>
  );
}
