/** Version of the checker. Raised when a check of the same bytes may come out otherwise; older checks are then redone. */
export const ENGINE = 5;
