/** Takes a person's second factor away, and says so. */
export async function resetSecondFactor(email: string): Promise<void> {
  const [{ resetSecondFactorOf }, { systemActor }, { withInstallation }] = await Promise.all([
    import('@/lib/access/second-factor/reset'),
    import('@/lib/access/actor'),
    import('./installation'),
  ]);
  const { name } = await withInstallation((ctx) =>
    resetSecondFactorOf(ctx, { email, actor: systemActor('command-line', 'command line') }),
  );
  process.stdout.write(`${name} has no second factor any more, and is signed out everywhere.\n`);
}
