import {
  IdentifierNode,
  type KyselyPlugin,
  OperationNodeTransformer,
  type QueryId,
  type SchemableIdentifierNode,
} from 'kysely';

/** What is written as `sql.table('pgboss.…')` is read in the schema of this queue. */
export function inQueueSchema(schema: string): KyselyPlugin {
  const transformer = new InSchema(schema);
  return {
    transformQuery: ({ node, queryId }) => transformer.transformNode(node, queryId),
    transformResult: async ({ result }) => result,
  };
}

class InSchema extends OperationNodeTransformer {
  constructor(private readonly schema: string) {
    super();
  }

  protected override transformSchemableIdentifier(
    node: SchemableIdentifierNode,
    queryId?: QueryId,
  ): SchemableIdentifierNode {
    const same = super.transformSchemableIdentifier(node, queryId);
    return same.schema?.name === 'pgboss' ? { ...same, schema: IdentifierNode.create(this.schema) } : same;
  }
}
