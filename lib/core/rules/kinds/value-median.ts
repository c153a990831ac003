import { ranked } from './ranked';

export const valueMedian = ranked('value_median');
