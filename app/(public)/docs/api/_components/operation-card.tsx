import type { ReactNode } from 'react';
import { Card } from '@/app/_components/ui/card';
import { Command } from '@/app/_components/ui/command';
import type { Operation, Parameter } from '@/lib/schemas/openapi';
import { curlOf } from '../curl';
import type { Placed } from '../parts';
import { SchemaFields } from './schema-fields';
import { SchemaType } from './schema-type';
import { Words } from './words';

/** Everything that is to know of one operation: who may, what it takes, what it answers, and a command to try it by. */
export function OperationCard({ url, placed: { at, method, operation } }: { url: string; placed: Placed }) {
  const { parameters = [], requestBody, responses } = operation;
  return (
    <div id={operation.operationId} className="scroll-mt-4">
      <Card title={<Address method={method} at={at} />} aside={<span>{allowed(operation)}</span>}>
        <div className="space-y-5">
          <p className="max-w-[80ch]">
            <Words>{operation.summary}</Words>
          </p>
          {parameters.length > 0 && (
            <Section title="Parameters">
              <Parameters parameters={parameters} label={`Parameters of ${method.toUpperCase()} ${at}`} />
            </Section>
          )}
          {requestBody && (
            <Section title="Body">
              <p className="mb-2 text-muted">
                <code className="font-mono text-xs">{Object.keys(requestBody.content).join(', ')}</code>
                {!requestBody.required && ', optional'}
                {requestBody.description && (
                  <>
                    {': '}
                    <Words>{requestBody.description}</Words>
                  </>
                )}
              </p>
              {requestBody.content['application/json']?.schema.type === 'object' && (
                <SchemaFields
                  schema={requestBody.content['application/json'].schema}
                  label={`Body of ${method.toUpperCase()} ${at}`}
                />
              )}
            </Section>
          )}
          <Section title="Answers">
            <Answers responses={responses} />
          </Section>
          <Section title="Try it">
            <Command>{curlOf(url, at, method, operation)}</Command>
          </Section>
        </div>
      </Card>
    </div>
  );
}

/** A method and its path as they are asked for. */
export function Address({ method, at }: { method: string; at: string }) {
  return (
    <span className="font-mono text-[0.95em] [overflow-wrap:anywhere]">
      <span className="font-semibold">{method.toUpperCase()}</span> {at}
    </span>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h3 className="mb-1.5 text-xs text-faint">{title}</h3>
      {children}
    </div>
  );
}

/** Who may, in a phrase. */
function allowed({ security }: Operation): string {
  if (security.length === 0) return 'anybody';
  const scope = security.flatMap(({ token }) => token ?? [])[0];
  return scope ? `token with ${scope}, or signed in` : 'signed-in person';
}

function Parameters({ parameters, label }: { parameters: readonly Parameter[]; label: string }) {
  return (
    <table className="fields" aria-label={label}>
      <thead>
        <tr>
          <th>Name</th>
          <th>Type</th>
          <th>What it is</th>
        </tr>
      </thead>
      <tbody>
        {parameters.map((one) => (
          <tr key={`${one.in} ${one.name}`}>
            <td>
              {one.name}
              {one.required && <i> required</i>}
            </td>
            <td>
              <SchemaType schema={one.schema} />
              {one.schema.default !== undefined &&
                one.schema.default !== '' &&
                `; ${String(one.schema.default)} if left out`}
              , in the {one.in}
            </td>
            <td>{one.description && <Words>{one.description}</Words>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Answers({ responses }: { responses: Operation['responses'] }) {
  return (
    <dl className="grid grid-cols-[3.5rem_minmax(0,1fr)] gap-x-4 gap-y-1.5">
      {Object.entries(responses).map(([status, { description, content = {}, headers = {} }]) => {
        const schema = content['application/json']?.schema;
        const types = Object.keys(content).filter((type) => !type.startsWith('application/problem'));
        return (
          <div key={status} className="contents">
            <dt className="font-mono text-xs leading-5">{status === 'default' ? 'other' : status}</dt>
            <dd className="min-w-0 [overflow-wrap:anywhere]">
              <Words>{description}</Words> {schema && <SchemaType schema={schema} />}
              {types.length > 0 && <span className="text-xs text-muted"> {types.join(', ')}</span>}
              {Object.entries(headers).map(([name, { description }]) => (
                <span key={name} className="block text-muted">
                  <code className="font-mono text-xs">{name}</code>: <Words>{description}</Words>
                </span>
              ))}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
