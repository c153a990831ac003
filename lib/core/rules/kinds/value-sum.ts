import { added } from './added';

export const valueSum = added('value_sum');
