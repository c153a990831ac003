import { RequestError } from '../api/request-error';

/** Reason of an abort that is to leave nothing on the server; after any other what came is kept. */
export const GIVE_UP = 'give up';

/** Somebody stopped it. */
export class Stopped extends RequestError {
  constructor() {
    super('Stopped', 'Nothing of this file was kept.', 0, null);
  }
}
