import { added } from './added';

export const valueAvg = added('value_avg');
