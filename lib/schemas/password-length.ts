/** Characters; NIST SP 800-63B-4 section 3.1.1.2. */
export const MIN_PASSWORD_LENGTH = 15;
