import { Loading } from '../../ui/notes.tsx';

/** In place of figures that are not there yet. */
export function Waiting() {
  return (
    <Loading what="The server is still computing the credits. This page asks again by itself every few seconds." />
  );
}
