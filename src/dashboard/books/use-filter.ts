import { narrow, query } from '../navigate.ts';
import { type Filter, filterOf, type IdName, NO_FILTER, queryOf } from './filter.ts';

/** The filter that stands in the address, and the ways to change it. */
export interface Filtering {
  filter: Filter;
  change(next: Filter, how: 'step' | 'typing'): void;
  /** shows the rows of a figure: nothing else narrows them */
  open(part: Partial<Filter>): void;
  /** shows another page of the same rows */
  page(after: string): void;
}

/** `list` is the id of the element that the rows stand in. */
export function useFilter(idName: IdName, list: string): Filtering {
  const filter = filterOf(query.value, idName);
  const change = (next: Filter, how: 'step' | 'typing') => narrow(queryOf(next, idName), how);
  const show = (next: Filter) => {
    change(next, 'step');
    document.getElementById(list)?.scrollIntoView();
  };
  return {
    filter,
    change,
    open: (part) => show({ ...NO_FILTER, ...part }),
    page: (after) => show({ ...filter, after }),
  };
}
