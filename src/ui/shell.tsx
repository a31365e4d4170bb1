import type { ComponentChildren } from 'preact';
import { ThemeToggle } from './theme-toggle.tsx';

interface ShellPage {
  path: string;
  title: string;
}

export interface ShellProps {
  pages: readonly ShellPage[];
  /** path of the page shown */
  here: string | undefined;
  children: ComponentChildren;
}

/** Navigation beside the page when wide, behind a menu button on a phone. */
export function Shell({ pages, here, children }: ShellProps) {
  return (
    <div class="shell">
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <header class="bar">
        <a class="brand" href="/">
          Assay
        </a>
        <button type="button" class="button quiet" popovertarget="nav">
          Menu
        </button>
      </header>
      <nav class="nav" id="nav" popover="auto" aria-label="Pages">
        <a class="brand" href="/">
          Assay
        </a>
        <ul>
          {pages.map((page) => (
            <li key={page.path}>
              <a href={page.path} aria-current={page.path === here ? 'page' : undefined} onClick={hideDrawer}>
                {page.title}
              </a>
            </li>
          ))}
        </ul>
        <div class="nav-foot">
          <ThemeToggle />
        </div>
      </nav>
      <main class="page" id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function hideDrawer({ currentTarget }: { currentTarget: HTMLElement }): void {
  currentTarget.closest<HTMLElement>('[popover]:popover-open')?.hidePopover();
}

/** The page's name, one sentence about it, and what can be done with the whole of it. */
export function PageHead({
  title,
  says,
  children,
}: {
  title: string;
  says: ComponentChildren;
  children?: ComponentChildren;
}) {
  return (
    <header class="page-head">
      <div>
        <h1>{title}</h1>
        <p class="page-says">{says}</p>
      </div>
      {children && <div class="page-actions">{children}</div>}
    </header>
  );
}
