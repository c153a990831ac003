/** The part of oidc-provider that is used here; it has no types of its own. */
declare module 'oidc-provider' {
  type Koa = { path: string; body: unknown };
  type AuthorizationContext = {
    oidc: {
      client: { clientId: string };
      session: { accountId: string };
      provider: { Grant: new (of: { accountId: string; clientId: string }) => Grant };
    };
  };
  type Grant = { addOIDCScope(scope: string): void; save(): Promise<string> };
  export class Provider {
    constructor(
      issuer: string,
      configuration: {
        clients: Record<string, unknown>[];
        jwks: { keys: object[] };
        cookies: { keys: string[] };
        claims: Record<string, string[]>;
        conformIdTokenClaims: boolean;
        findAccount(
          context: unknown,
          subject: string,
        ): Promise<{ accountId: string; claims(): Promise<Record<string, unknown>> }>;
        loadExistingGrant(context: AuthorizationContext): Promise<Grant>;
      },
    );
    use(middleware: (context: Koa, next: () => Promise<void>) => Promise<void>): this;
    callback(): (request: object, response: object) => void;
  }
}
