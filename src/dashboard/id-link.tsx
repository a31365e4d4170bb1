import { tracePath } from './route.ts';

/** An id that leads to everything known about it. */
export function IdLink({ id }: { id: string }) {
  return (
    <a class="id" href={tracePath(id)}>
      {id}
    </a>
  );
}
