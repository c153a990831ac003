import { cachedText } from '@/app/_server/cached-text';
import { handler } from '@/app/_server/handler';
import { apiDocument } from '@/lib/config/api-document';
import { partSlug } from '@/lib/schemas/openapi';

/** What Sealtrail is and where its API is described, for programs that read; llmstxt.org. */
export const GET = handler(
  {
    summary: 'What Sealtrail is and where its API is described, as llmstxt.org has it.',
    access: 'public',
    answers: {
      200: { is: 'Markdown.', types: ['text/plain'], headers: { ETag: 'For `If-None-Match`' } },
      304: { is: 'It is the one that `If-None-Match` names.' },
    },
  },
  async ({ ctx, request }) => {
    const url = ctx.env.publicUrl.replace(/\/$/, '');
    const { tags } = await apiDocument(url);
    const text = `# Sealtrail

> Sealtrail takes the hash-chained audit logs that AI agents and their guardrails write, verifies every chain, searches the records, runs detection rules over them, and signs statements that anybody can check without it.

- An API call carries \`Authorization: Bearer st_…\`: a token with the scope \`read\`, \`ingest\` or both. What is listed under Trust needs none.
- Answers are JSON in camelCase. Times are RFC 3339 in UTC. A list takes \`limit\` (1 to 500) and goes on at \`cursor\`, the \`nextCursor\` of the page before.
- Failures are \`application/problem+json\` (RFC 9457) with a \`code\` of a closed list.
- A broken chain is an answer and no failure: its \`verdict\` says what holds, and \`problems\` where it does not.

## API

- [OpenAPI 3.1 document](${url}/api/openapi.json): every route, parameter, answer and failure
- [API reference](${url}/docs/api): the same to read
${tags.map(({ name, description }) => `- [${name}](${url}/docs/api/${partSlug(name)}): ${description}`).join('\n')}

## Checking signatures

- [Trust](${url}/trust): keys, trusted root and transparency log
- [Offline verifier](${url}/verify): one page that sends nothing anywhere
`;
    return cachedText(request, text, 'text/plain; charset=utf-8');
  },
);
