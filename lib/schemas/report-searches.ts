/** The search that finds the records a figure of a report counts; `lib/reports/sums.int.test.ts` holds each to its figure. */
export const FIGURE_SEARCHES = {
  denied: 'decision:deny',
  secretEvents: 'secrets>0',
  requests: 'kind:request',
  requestsDenied: 'decision:deny kind:(request OR limit_exceeded)',
  filesAccessed: 'class:path -kind:request decision:(allow OR local OR transform)',
  filesDenied: 'class:path -kind:request decision:deny',
} as const;
