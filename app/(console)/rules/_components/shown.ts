/** Which rules are listed, as addresses say it. */
export const SHOWN = ['own', 'shipped', 'enabled', 'disabled'] as const;
export type Shown = (typeof SHOWN)[number];

export const SHOWN_WORDS: Readonly<Record<Shown, string>> = {
  own: 'Written here',
  shipped: 'Shipped',
  enabled: 'Enabled',
  disabled: 'Disabled',
};
