import { ranked } from './ranked';

export const valuePercentile = ranked('value_percentile');
