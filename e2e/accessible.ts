import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/**
 * What axe finds wrong with a page as it stands: each rule with where it is broken. `targets`: also what is pressed and has neither 24 px nor room
 * around it; `only`: by this rule alone.
 */
export async function violationsOf(
  page: Page,
  { targets = false, only }: { targets?: boolean; only?: string } = {},
): Promise<string[]> {
  // No page has a frame, so that the document is all there is to look at. What holds is not described: that takes several times as long as finding out.
  const axe = new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'], ...(targets && { rules: { 'target-size': { enabled: true } } }) });
  const { violations } = await (only ? axe.withRules(only) : axe).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
}
