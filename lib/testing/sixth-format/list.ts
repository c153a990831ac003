import type { ChainFormat } from '../../core/chain/format';
import { FORMATS } from '../../core/formats';
import { sixth } from './format';

// What is read after this finds six formats, as if the sixth had its line there. The list is an array; only its type forbids it.
(FORMATS as ChainFormat[]).push(sixth);
